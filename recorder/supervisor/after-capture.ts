import type { Reason } from '../../shared/schemas/recording.ts';
import type { CaptureOutcome } from '../capture/capture.ts';

/** Seconds without media after which a recording ends although nobody said that the session has. */
export const PATIENCE_SECONDS = 30;

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 4000;

// The same recording may well go on after these.
const WORTH_ANOTHER: readonly string[] = ['source-silent', 'source-unreachable', 'ffmpeg-failed'];

// After these a recording can wait for its stream to come back, which is not what somebody wants who stops it.
const MAY_GO_ON: readonly string[] = [...WORTH_ANOTHER, 'codec-changed', 'session-ended'];

/** Why a recording ends that was stopped while, perhaps, its capture was ending already. Pure. */
export const reasonOfStop = ({ reason }: CaptureOutcome, stop: Reason): Reason =>
  reason.code !== stop.code && MAY_GO_ON.includes(reason.code) ? stop : reason;

export type AfterCapture =
  | { type: 'again'; pauseMs: number }
  /** The recording's last capture, for this recorder. */
  | { type: 'end'; reason: Reason };

/**
 * What follows a capture that nobody stopped. Pure.
 * @param failures captures in a row that brought no media
 */
export const afterCapture = (
  { reason }: CaptureOutcome,
  { failures, secondsWithoutMedia }: { failures: number; secondsWithoutMedia: number },
): AfterCapture => {
  if (reason.code === 'codec-changed') return { type: 'again', pauseMs: 0 };
  if (!WORTH_ANOTHER.includes(reason.code)) return { type: 'end', reason };
  if (secondsWithoutMedia < PATIENCE_SECONDS) {
    return { type: 'again', pauseMs: Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS) };
  }
  return { type: 'end', reason };
};
