import { type Config, planFor } from '../../shared/config/plan.ts';
import { isBriefGap } from '../../shared/recordings/machine.ts';
import { type TransitionPorts, transition } from '../../shared/recordings/transition.ts';
import type { Plan, Recording } from '../../shared/schemas/recording.ts';
import type { Stream } from '../../shared/schemas/stream.ts';
import type { Recorders } from '../../shared/table/recorders.ts';
import type { Streams } from '../../shared/table/streams.ts';
import type { Telemetry } from '../common/telemetry.ts';
import { recordIdOf } from './choose.ts';

export interface EnsurePorts extends TransitionPorts {
  readonly recorders: Pick<Recorders, 'command'>;
  readonly streams: Streams;
  readonly config: Config;
  readonly telemetry: Telemetry;
}

/** What is to be recorded of a live session. */
export interface Wanted {
  readonly recordId: string;
  readonly plan: Plan;
  /** Absent: the stream's rule wants it. */
  readonly taskId?: string;
}

/** Makes a recording of a live session, unless it is there, and has it recorded. Two writes: recording and job. */
export const createRecording = async (
  { recordings, queues, telemetry, now }: EnsurePorts,
  { domain, app, stream, sessionId }: Stream,
  { recordId, plan, taskId }: Wanted,
): Promise<void> => {
  const recording: Recording = {
    domain,
    app,
    stream,
    recordId,
    sessionId,
    ...(taskId === undefined ? {} : { taskId }),
    plan,
    state: 'recording',
    startedAt: now().toISOString(),
    epoch: 0,
    captures: 0,
    revision: 0,
  };
  if (await recordings.create(recording)) telemetry.count('RecordingsCreated');
  // Also when it was there: the last try may have ended before this. A job too many is void.
  await queues.recordJob({ recordId, epoch: recording.epoch });
};

/** A recorder that waits with standby content for the stream to come back hardly ever asks: it is told. Safe to repeat. */
const tellWhoWaits = async (
  { recorders }: EnsurePorts,
  { owner, recordId, sessionId, plan }: Recording,
): Promise<void> => {
  if (owner === undefined || plan.standby === undefined) return;
  await recorders.command(owner, recordId, { stop: 'session-ended', sessionId, resumed: true });
};

/** Has a recording of an earlier session go on with this one. False when it came too late for that. */
export const resume = async (
  ports: EnsurePorts,
  { sessionId, startedAt, lastEndedAt }: Stream,
  recordId: string,
): Promise<boolean> => {
  const resumed = await transition(ports, recordId, {
    type: 'session.resumed',
    sessionId,
    at: startedAt,
    isBrief: isBriefGap({ startedAt, lastEndedAt }),
  });
  if (resumed?.sessionId !== sessionId) return false;
  await tellWhoWaits(ports, resumed);
  return true;
};

/**
 * Has a recording go on with this session, and offers it to the recorders if it has none. Safe to repeat.
 * @returns false when it is of an earlier session and can no longer go on
 */
export const goOn = async (ports: EnsurePorts, stream: Stream, recording: Recording): Promise<boolean> => {
  const { recordId, sessionId, state, owner, epoch } = recording;
  if (sessionId !== stream.sessionId) return resume(ports, stream, recordId);
  if (state !== 'recording') return true;
  if (owner === undefined) await ports.queues.recordJob({ recordId, epoch });
  // The last try may have ended before it was told.
  else await tellWhoWaits(ports, recording);
  return true;
};

/** Replaces the recording that the stream's rule wanted, and that could not be gone on with, by a new one. */
const beginAnew = async (ports: EnsurePorts, stream: Stream, lost: string): Promise<Stream> => {
  const planned = await planFor(ports.config, stream);
  const others = stream.recordIds.filter((recordId) => recordId !== lost);
  if (planned.type === 'not-recorded') {
    const why = others.length === 0 ? { notRecorded: planned.text } : {};
    const next = { ...stream, recordIds: others, ...why };
    return (await ports.streams.replace(next, stream)) ? next : stream;
  }
  const recordId = recordIdOf(stream.sessionId, planned.origin);
  const next = { ...stream, recordIds: [recordId, ...others] };
  if (!(await ports.streams.replace(next, stream))) return stream;
  await createRecording(ports, stream, { recordId, plan: planned.plan });
  return next;
};

/**
 * Makes true what a live stream's item says of its rule: its recording exists, belongs to its session, and has been
 * offered to the recorders. Safe to repeat; does what a crash has left undone.
 * @returns the stream's item as it is now
 */
export const ensureRecordings = async (ports: EnsurePorts, stream: Stream): Promise<Stream> => {
  let now = stream;
  for (const recordId of stream.recordIds) {
    const recording = await ports.recordings.get(recordId);
    // Tasks look after their own.
    if (recording?.taskId !== undefined) continue;
    const isThere = recording !== undefined && (await goOn(ports, stream, recording));
    if (!isThere) now = await beginAnew(ports, now, recordId);
  }
  return now;
};
