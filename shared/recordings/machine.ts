import type { Plan, Reason, Recording, RecordingFile } from '../schemas/recording.ts';
import { type EndCode, endReason } from './end-reason.ts';

/** What happens to a recording from outside its capture loop. */
export type RecordingInput =
  /** The stream came back as a new session. */
  | { type: 'session.resumed'; sessionId: string; at: string }
  /** Its recorder's last word on a capture. `sessionLive`: the recording's session is live now. */
  | { type: 'capture.ended'; epoch: number; reason: Reason; at: string; sessionLive: boolean }
  /** Its recorder's lease has expired. */
  | { type: 'owner.lost'; owner: string; at: string; sessionLive: boolean }
  /** Somebody wants it to end although its stream may go on: a user, or the end of its task. */
  | { type: 'stopped'; at: string; reason: Reason }
  /** Nobody has claimed it for a while. */
  | { type: 'unclaimed'; at: string; sessionLive: boolean }
  /** The resumption timeout is over. */
  | { type: 'resumption.expired'; at: string }
  /** What its files are now, after one of them was closed. */
  | { type: 'files.settled'; files: readonly Pick<RecordingFile, 'state'>[]; at: string };

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

/** After these the same recording goes on when the stream comes back in time. */
const RESUMABLE: readonly string[] = [
  'session-ended',
  'source-silent',
  'source-unreachable',
] satisfies EndCode[];

/** After these it goes on at once. */
const HANDED_OVER: readonly string[] = ['recorder-drained', 'codec-changed'] satisfies EndCode[];

/** Seconds a recording waits for its stream to come back after ending like this; 0: it does not. */
export const resumptionSeconds = (plan: Plan, code: string): number =>
  RESUMABLE.includes(code) ? (plan.formats.hls?.resumptionTimeout ?? 0) : 0;

/** Whether the HLS file stays open at the end of a capture that ended like this. */
export const hlsStaysOpen = (plan: Plan, code: string): boolean =>
  HANDED_OVER.includes(code) || resumptionSeconds(plan, code) > 0;

const changed = (next: Recording, ...effects: Effect[]): Decision => ({
  type: 'changed',
  next: { ...next, revision: next.revision + 1 },
  effects,
});

const withoutOwner = ({ owner: _, ...rest }: Recording): Recording => rest;

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

const paused = (recording: Recording, at: string, reason: Reason, seconds: number): Decision => {
  const pausedUntil = new Date(Date.parse(at) + seconds * 1000).toISOString();
  return changed(
    { ...withoutOwner(recording), state: 'paused', pausedUntil, endedAt: at, reason },
    { type: 'close-files' },
    { type: 'notice', notice: 'recording.paused' },
  );
};

/** Its session is over: it waits for the stream to come back, or completes for `reason`. */
const sessionOver = (recording: Recording, at: string, reason: Reason): Decision => {
  const ended = endReason('session-ended');
  const seconds = resumptionSeconds(recording.plan, ended.code);
  return seconds === 0 ? completing(recording, at, reason) : paused(recording, at, ended, seconds);
};

const captureEnded = (
  recording: Recording,
  { at, reason, sessionLive }: Extract<RecordingInput, { type: 'capture.ended' }>,
): Decision => {
  const isHandedOver = HANDED_OVER.includes(reason.code);
  const over = whyOver(recording, at);
  if (over !== undefined) return completing(recording, at, isHandedOver ? over : reason);
  // The media go on, with another owner.
  if (isHandedOver) {
    return sessionLive
      ? changed(withoutOwner(recording), { type: 'queue-job' })
      : sessionOver(recording, at, endReason('session-ended'));
  }
  const seconds = resumptionSeconds(recording.plan, reason.code);
  if (seconds === 0) return completing(recording, at, reason);
  // The stream came back before its recorder had finished: the new session was noted meanwhile.
  if (sessionLive && reason.code === 'session-ended') {
    return changed(withoutOwner(recording), { type: 'queue-job' });
  }
  return paused(recording, at, reason, seconds);
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

/** The next state of a recording, and what follows from it. Pure. */
export const decide = (recording: Recording, input: RecordingInput): Decision => {
  const { state } = recording;
  switch (input.type) {
    case 'session.resumed': {
      if (recording.sessionId === input.sessionId || whyOver(recording, input.at)) return IGNORED;
      if (state === 'recording' && recording.plan.formats.hls?.resumptionTimeout) {
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
    case 'capture.ended':
      // Without an owner it is a repetition: the epoch rises only when the next one claims the recording.
      if (state !== 'recording' || recording.owner === undefined) return IGNORED;
      return input.epoch === recording.epoch ? captureEnded(recording, input) : IGNORED;
    case 'owner.lost': {
      if (state !== 'recording' || recording.owner !== input.owner) return IGNORED;
      // The epoch rises here already: a recorder that was only slow must not write any more.
      const orphan = { ...withoutOwner(recording), epoch: recording.epoch + 1 };
      const over = whyOver(recording, input.at);
      if (over !== undefined) return completing(orphan, input.at, over);
      if (!input.sessionLive) return sessionOver(orphan, input.at, endReason('recorder-lost'));
      return changed(orphan, { type: 'close-files' }, { type: 'queue-job' });
    }
    case 'stopped':
      return stopped(recording, input);
    case 'unclaimed':
      if (state !== 'recording' || recording.owner !== undefined || input.sessionLive) return IGNORED;
      return recording.captures === 0
        ? completing(recording, input.at, endReason('no-recorder'))
        : sessionOver(recording, input.at, endReason('session-ended'));
    case 'resumption.expired':
      if (state !== 'paused' || input.at < (recording.pausedUntil ?? '')) return IGNORED;
      return completing(recording, input.at, recording.reason ?? endReason('session-ended'));
    case 'files.settled': {
      if (state !== 'completing' || input.files.some((file) => file.state === 'recording')) return IGNORED;
      // What waits for its storage is recorded, and will be ready.
      const anyRecorded = input.files.some(({ state: one }) => one === 'ready' || one === 'waiting');
      return anyRecorded
        ? changed({ ...recording, state: 'completed' }, { type: 'notice', notice: 'recording.ended' })
        : changed({ ...recording, state: 'failed' }, { type: 'notice', notice: 'recording.failed' });
    }
  }
};
