import type { Plan, Reason, Recording, RecordingFile } from '../schemas/recording.ts';
import type { Stream } from '../schemas/stream.ts';
import { type EndCode, endReason } from './end-reason.ts';

type SettledFiles = readonly Pick<RecordingFile, 'state' | 'away'>[];

/** What happens to a recording from outside its capture loop. */
export type RecordingInput =
  /** The stream came back as a new session; `isBrief`: so soon that nothing need have ended. */
  | { type: 'session.resumed'; sessionId: string; at: string; isBrief: boolean }
  /**
   * Its recorder's last word on a capture. `at`: when it ended, by the recorder's clock; `now`: by that of whoever
   * decides, which is the one that decides. `sessionLive`: the recording's session is live now.
   */
  | {
      type: 'capture.ended';
      epoch: number;
      reason: Reason;
      /** The last one that the recorder knew of. */
      sessionId?: string | undefined;
      /** It has waited for the stream to come back, for as long as it may. */
      waited?: boolean | undefined;
      at: string;
      now: string;
      sessionLive: boolean;
    }
  /** Its recorder's lease has expired. */
  | { type: 'owner.lost'; owner: string; at: string; sessionLive: boolean }
  /** Its owner is leaving and wants another recorder to begin before it stops. */
  | { type: 'handover.offered'; epoch: number; owner: string; at: string }
  /** The recorder that was leaving is gone without a last word, or has taken too long. */
  | { type: 'handover.ended'; epoch: number; at: string }
  /** Somebody wants it to end although its stream may go on: a user, or the end of its task. */
  | { type: 'stopped'; at: string; reason: Reason }
  /** Nobody has claimed it for a while. */
  | { type: 'unclaimed'; at: string; sessionLive: boolean }
  /** The resumption timeout is over. */
  | { type: 'resumption.expired'; at: string }
  /** What its files are now, after one of them was closed. */
  | { type: 'files.settled'; files: SettledFiles; at: string };

/** What must be done after the new state has been written. */
export type Effect =
  | { type: 'queue-job' }
  /** Have the files closed that an owner left open; not HLS, which the next owner goes on with. */
  | { type: 'close-files' }
  /** Have every file closed that is still open; when none is, send `files.settled`. */
  | { type: 'finish' }
  | {
      type: 'notice';
      notice: 'recording.paused' | 'recording.resumed' | 'recording.ended' | 'recording.failed';
    };

export type Decision =
  | { type: 'changed'; next: Recording; effects: Effect[] }
  /** Late, repeated or out of order: nothing to do. */
  | { type: 'ignored' };

const IGNORED: Decision = { type: 'ignored' };

const secondsAfter = (at: string, seconds: number): string =>
  new Date(Date.parse(at) + seconds * 1000).toISOString();

/** After these the same recording goes on when the stream comes back in time. */
const RESUMABLE: readonly string[] = [
  'session-ended',
  'source-silent',
  'source-unreachable',
  'source-invalid',
] satisfies EndCode[];

/** After these it goes on at once. */
const HANDED_OVER: readonly string[] = [
  'recorder-drained',
  'codec-changed',
  'time-jumped',
  'session-resumed',
] satisfies EndCode[];

/** Seconds a recording waits for its stream to come back after ending like this; 0: it does not. */
export const resumptionSeconds = (plan: Plan, code: string): number =>
  RESUMABLE.includes(code) ? (plan.formats.hls?.resumptionTimeout ?? 0) : 0;

/** Whether the HLS file stays open at the end of a capture that ended like this. */
export const hlsStaysOpen = (plan: Plan, code: string): boolean =>
  HANDED_OVER.includes(code) || resumptionSeconds(plan, code) > 0;

/** A publisher that is back so soon, in milliseconds, has only been interrupted, with or without a resumption timeout. */
export const BRIEF_GAP_MS = 1000;

/** Whether a session began right after the one before it. Pure. */
export const isBriefGap = ({ startedAt, lastEndedAt }: Pick<Stream, 'startedAt' | 'lastEndedAt'>): boolean =>
  lastEndedAt !== undefined && Date.parse(startedAt) - Date.parse(lastEndedAt) <= BRIEF_GAP_MS;

const changed = (next: Recording, ...effects: Effect[]): Decision => ({
  type: 'changed',
  next: { ...next, revision: next.revision + 1 },
  effects,
});

const withoutHandover = ({ handover: _, ...rest }: Recording): Recording => rest;

/** After these seconds nobody who had a part in it is at work on it any more: a lease is eight of them. */
const TIDY_SECONDS = 20;

/**
 * What was wrong with it is over when nobody records it any more, unless media are where they should not be. Somebody may
 * have been killed, though, before it had cleared away what is there only while a file is open.
 */
const settled = (recording: Recording, files: SettledFiles, at: string): Recording => {
  const { trouble, ...others } = withoutHandover(recording);
  const rest = { ...others, untidy: { dueAt: secondsAfter(at, TIDY_SECONDS), failures: 0 } };
  const isAway = files.some(({ away }) => away !== undefined);
  return isAway && trouble?.cause === 'storage' ? { ...rest, trouble } : rest;
};

/**
 * What is wrong with its source or its recorder, only an owner can say. What its owner has offered is void without it, and so is that it
 * receives. What a recorder before it has left stays.
 */
const withoutOwner = ({ owner: _, trouble, handover, ...others }: Recording): Recording => {
  const rest = trouble?.cause === 'storage' ? { ...others, trouble } : others;
  if (handover === undefined || handover.epoch === rest.epoch || handover.left) return rest;
  const { receiving: __, ...left } = handover;
  return { ...rest, handover: left };
};

/** As a new session finds it, which its recorder has yet to connect to. */
const withoutConnection = ({ connectedAt: _, ...rest }: Recording): Recording => rest;

/** Why it must not go on after `at`, whatever its stream does. */
const whyOver = ({ stopping, plan }: Recording, at: string): Reason | undefined =>
  stopping ?? (plan.endsAt !== undefined && at >= plan.endsAt ? endReason('task-ended') : undefined);

const completing = (recording: Recording, at: string, reason: Reason): Decision => {
  const { pausedUntil: _, stopping: __, ...rest } = withoutOwner(recording);
  // The end of its task came before anybody had begun.
  const isMissed = recording.captures === 0 && reason.code === 'task-ended';
  return changed(
    {
      ...rest,
      state: 'completing',
      endedAt: recording.endedAt ?? at,
      reason: isMissed ? endReason('no-recorder') : reason,
    },
    { type: 'finish' },
  );
};

/** `at`: when the stream ended, by anybody's clock; `now`: by the clock that the pause is measured with. */
interface Moment {
  readonly at: string;
  readonly now: string;
}

const paused = (recording: Recording, { at, now }: Moment, reason: Reason, seconds: number): Decision => {
  const pausedUntil = secondsAfter(now, seconds);
  return changed(
    { ...withoutOwner(recording), state: 'paused', pausedUntil, endedAt: at, reason },
    { type: 'close-files' },
    { type: 'notice', notice: 'recording.paused' },
  );
};

/** Its session is over: it waits for the stream to come back, or completes for `reason`. */
const sessionOver = (recording: Recording, moment: Moment, reason: Reason): Decision => {
  const ended = endReason('session-ended');
  const seconds = resumptionSeconds(recording.plan, ended.code);
  return seconds === 0 ? completing(recording, moment.at, reason) : paused(recording, moment, ended, seconds);
};

/**
 * The recording as `recorderId` has it after claiming it with a job of this epoch; undefined when the job is void. One
 * that is offered has an owner still, which goes on until the next one receives.
 */
export const claimed = (recording: Recording, epoch: number, recorderId: string): Recording | undefined => {
  const { state, owner, handover, stopping } = recording;
  if (state !== 'recording' || recording.epoch !== epoch) return undefined;
  const isOffered = handover?.epoch === epoch && owner !== recorderId && stopping === undefined;
  if (owner !== undefined && !isOffered) return undefined;
  return { ...recording, owner: recorderId, epoch: epoch + 1, revision: recording.revision + 1 };
};

const captureEnded = (
  recording: Recording,
  { at, now, reason, sessionId, waited, sessionLive }: Extract<RecordingInput, { type: 'capture.ended' }>,
): Decision => {
  const isHandedOver = HANDED_OVER.includes(reason.code);
  const over = whyOver(recording, now);
  if (over !== undefined) return completing(recording, at, isHandedOver ? over : reason);
  // It never had media; the one that leaves still records, and knows better how its stream is.
  const { handover } = recording;
  const isArriving =
    handover !== undefined && handover.epoch < recording.epoch && handover.over === undefined;
  if (isArriving && handover.receiving !== true) {
    return changed(withoutOwner(recording), { type: 'queue-job' });
  }
  // The media go on, with another owner.
  if (isHandedOver) {
    return sessionLive
      ? changed(withoutOwner(recording), { type: 'queue-job' })
      : sessionOver(recording, { at, now }, endReason('session-ended'));
  }
  // The stream came back before its recorder had finished: the new session was noted meanwhile.
  const isUnknown = sessionId !== undefined && sessionId !== recording.sessionId;
  if (sessionLive && (reason.code === 'session-ended' || (isUnknown && RESUMABLE.includes(reason.code)))) {
    return changed(withoutOwner(recording), { type: 'queue-job' });
  }
  const seconds = waited === true ? 0 : resumptionSeconds(recording.plan, reason.code);
  if (seconds === 0) return completing(recording, at, reason);
  return paused(recording, { at, now }, reason, seconds);
};

/** What remains to be done for a recording that the one that left does not write to any more. */
const handoverEnded = (recording: Recording, at: string): Decision => {
  const rest = withoutHandover(recording);
  const over = whyOver(rest, at);
  switch (rest.state) {
    case 'completing':
      return changed(rest, { type: 'finish' });
    case 'recording':
      if (rest.owner !== undefined) return changed(rest, { type: 'close-files' });
      if (over !== undefined) return completing(rest, at, over);
      return changed(rest, { type: 'close-files' }, { type: 'queue-job' });
    default:
      return changed(rest, { type: 'close-files' });
  }
};

/** The last word of a recorder that left after the next one had claimed the recording. */
const leaverEnded = (
  recording: Recording,
  input: Extract<RecordingInput, { type: 'capture.ended' }>,
): Decision => {
  const isOver = HANDED_OVER.includes(input.reason.code) || recording.handover?.over !== undefined;
  if (recording.state === 'recording' && !isOver) {
    // It has recorded to the end: what the next one has seen of that is the same once more.
    const decision = captureEnded(withoutHandover(recording), input);
    if (decision.type === 'changed' && decision.next.state !== 'recording') return decision;
  }
  const { handover, state, owner } = recording;
  if (handover?.over === undefined || state !== 'recording' || owner === undefined) {
    return handoverEnded(recording, input.now);
  }
  // The next one has yet to see where it begins.
  return changed({ ...recording, handover: { ...handover, left: true } }, { type: 'close-files' });
};

const stopped = (
  recording: Recording,
  { at, reason }: Extract<RecordingInput, { type: 'stopped' }>,
): Decision => {
  if (recording.state !== 'recording' && recording.state !== 'paused') return IGNORED;
  // Its owner ends it, at a command; noted here, so that whoever takes it from its owner first ends it too.
  if (recording.owner !== undefined) {
    return recording.stopping === undefined ? changed({ ...recording, stopping: reason }) : IGNORED;
  }
  return completing(recording, at, reason);
};

/** Whether a recorder with this epoch is still at work on what another one has claimed since. */
const isLeaving = ({ handover, epoch }: Recording, of: number): boolean =>
  handover?.epoch === of && of < epoch && handover.left !== true;

/** The next state of a recording, and what follows from it. Pure. */
export const decide = (recording: Recording, input: RecordingInput): Decision => {
  const { state } = recording;
  switch (input.type) {
    case 'session.resumed': {
      if (recording.sessionId === input.sessionId || whyOver(recording, input.at)) return IGNORED;
      const goesOn = input.isBrief || recording.plan.formats.hls?.resumptionTimeout;
      if (state === 'recording' && goesOn) {
        return changed({ ...withoutConnection(recording), sessionId: input.sessionId });
      }
      if (state !== 'paused' || input.at > (recording.pausedUntil ?? '')) return IGNORED;
      const { pausedUntil: _, endedAt: __, reason: ___, ...rest } = withoutConnection(recording);
      return changed(
        { ...rest, state: 'recording', sessionId: input.sessionId },
        { type: 'queue-job' },
        { type: 'notice', notice: 'recording.resumed' },
      );
    }
    case 'handover.offered': {
      const { owner, epoch, handover } = recording;
      const isOwner = state === 'recording' && owner === input.owner && epoch === input.epoch;
      const isFree = handover === undefined || handover.left === true;
      if (!isOwner || !isFree || whyOver(recording, input.at)) return IGNORED;
      return changed({ ...recording, handover: { epoch, owner } }, { type: 'queue-job' });
    }
    case 'handover.ended':
      return isLeaving(recording, input.epoch) ? handoverEnded(recording, input.at) : IGNORED;
    case 'capture.ended':
      if (isLeaving(recording, input.epoch)) return leaverEnded(recording, input);
      // Without an owner it is a repetition: the epoch rises only when the next one claims the recording.
      if (state !== 'recording' || recording.owner === undefined) return IGNORED;
      return input.epoch === recording.epoch ? captureEnded(recording, input) : IGNORED;
    case 'owner.lost': {
      if (state !== 'recording' || recording.owner !== input.owner) return IGNORED;
      // The epoch rises here already: a recorder that was only slow must not write any more.
      const orphan = { ...withoutOwner(recording), epoch: recording.epoch + 1 };
      const over = whyOver(recording, input.at);
      if (over !== undefined) return completing(orphan, input.at, over);
      if (!input.sessionLive) {
        return sessionOver(orphan, { at: input.at, now: input.at }, endReason('recorder-lost'));
      }
      return changed(orphan, { type: 'close-files' }, { type: 'queue-job' });
    }
    case 'stopped':
      return stopped(recording, input);
    case 'unclaimed': {
      if (state !== 'recording' || recording.owner !== undefined) return IGNORED;
      const over = whyOver(recording, input.at);
      if (over !== undefined) return completing(recording, input.at, over);
      if (input.sessionLive) return IGNORED;
      return recording.captures === 0
        ? completing(recording, input.at, endReason('no-recorder'))
        : sessionOver(recording, { at: input.at, now: input.at }, endReason('session-ended'));
    }
    case 'resumption.expired':
      if (state !== 'paused' || input.at < (recording.pausedUntil ?? '')) return IGNORED;
      return completing(recording, input.at, recording.reason ?? endReason('session-ended'));
    case 'files.settled': {
      if (state !== 'completing' || input.files.some((file) => file.state === 'recording')) return IGNORED;
      // What waits for its storage is recorded, and will be ready.
      const anyRecorded = input.files.some(({ state: one }) => one === 'ready' || one === 'waiting');
      const rest = settled(recording, input.files, input.at);
      return anyRecorded
        ? changed({ ...rest, state: 'completed' }, { type: 'notice', notice: 'recording.ended' })
        : changed({ ...rest, state: 'failed' }, { type: 'notice', notice: 'recording.failed' });
    }
  }
};
