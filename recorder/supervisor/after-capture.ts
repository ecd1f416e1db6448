import type { EndCode } from '../../shared/recordings/end-reason.ts';
import type { Reason } from '../../shared/schemas/recording.ts';
import type { CaptureOutcome } from '../capture/capture.ts';

/** Seconds without media after which a recording ends although nobody said that the session has. */
export const PATIENCE_SECONDS = 30;

/** A capture that ends before it has lasted so long is a brief one. */
export const STEADY_SECONDS = 5;

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 4000;
/** Captures in a row that are followed at once although they failed: whoever repairs a thing often needs two tries. */
const FREE_TRIES = 1;

// The same recording may well go on after these.
const WORTH_ANOTHER: readonly string[] = [
  'source-silent',
  'source-unreachable',
  'source-invalid',
  'ffmpeg-failed',
] satisfies EndCode[];

// After these it goes on in any case: the stream is there.
const GOES_ON: readonly string[] = [
  'codec-changed',
  'time-jumped',
  'session-resumed',
  'encoder-slow',
] satisfies EndCode[];

// After these a recording can wait for its stream to come back, which is not what somebody wants who stops it.
const MAY_GO_ON: readonly string[] = [...WORTH_ANOTHER, ...GOES_ON, 'session-ended'];

/** Whether something is wrong when a capture ended like this and the recording goes on. */
export const isTrouble = (code: string): boolean => WORTH_ANOTHER.includes(code);

/** Why a recording ends that was stopped while, perhaps, its capture was ending already. Pure. */
export const reasonOfStop = ({ reason }: CaptureOutcome, stop: Reason): Reason =>
  reason.code !== stop.code && MAY_GO_ON.includes(reason.code) ? stop : reason;

export type AfterCapture =
  | { type: 'again'; pauseMs: number }
  /** The recording's last capture, for this recorder. */
  | { type: 'end'; reason: Reason };

// What ends every capture at once must not make hundreds of them.
const pauseAfter = (brief: number): number =>
  brief <= FREE_TRIES ? 0 : Math.min(FIRST_PAUSE_MS * 2 ** (brief - FREE_TRIES - 1), LONGEST_PAUSE_MS);

/**
 * What follows a capture that nobody stopped. Pure.
 * @param brief captures in a row, this one included, that were brief or brought no media
 */
export const afterCapture = (
  { reason }: CaptureOutcome,
  { brief, secondsWithoutMedia }: { brief: number; secondsWithoutMedia: number },
): AfterCapture => {
  const again: AfterCapture = { type: 'again', pauseMs: pauseAfter(brief) };
  if (GOES_ON.includes(reason.code)) return again;
  const isWorthIt = WORTH_ANOTHER.includes(reason.code) && secondsWithoutMedia < PATIENCE_SECONDS;
  return isWorthIt ? again : { type: 'end', reason };
};

const FIRST_REPAIR_MS = 5000;
const LONGEST_REPAIR_MS = 600_000;

/**
 * How long a capture lasts at least of which one format cannot be read any further: a new ffmpeg may mend that, and
 * begins new files of the others. The first one may be sent once more what broke the one before: the second comes as soon.
 * Pure.
 * @param repairs captures in a row that ended for that
 */
export const repairAfterMs = (repairs: number): number =>
  Math.min(FIRST_REPAIR_MS * 2 ** Math.max(0, repairs - FREE_TRIES), LONGEST_REPAIR_MS);

/** Counts the captures of one recording, to say what follows each. */
export interface Tries {
  begin(): void;
  /** What follows the capture that ends now; may be asked more than once. */
  after(outcome: CaptureOutcome): AfterCapture;
  end(outcome: CaptureOutcome): void;
}

/** @param now monotonic, in milliseconds */
export const createTries = (now: () => number): Tries => {
  let brief = 0;
  let lastMediaAt = now();
  let begunAt = now();
  const briefWith = ({ receivedMedia }: CaptureOutcome): number =>
    receivedMedia && now() - begunAt >= STEADY_SECONDS * 1000 ? 0 : brief + 1;
  return {
    begin: () => {
      begunAt = now();
    },
    after: (outcome) => {
      const secondsWithoutMedia = outcome.receivedMedia ? 0 : (now() - lastMediaAt) / 1000;
      return afterCapture(outcome, { brief: briefWith(outcome), secondsWithoutMedia });
    },
    end: (outcome) => {
      brief = briefWith(outcome);
      if (outcome.receivedMedia) lastMediaAt = now();
    },
  };
};
