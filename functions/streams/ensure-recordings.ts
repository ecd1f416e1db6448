import { type TransitionPorts, transition } from '../../shared/recordings/transition.ts';
import type { Plan, Recording } from '../../shared/schemas/recording.ts';
import type { Stream } from '../../shared/schemas/stream.ts';
import type { Streams } from '../../shared/table/streams.ts';
import type { Telemetry } from '../common/telemetry.ts';
import { type Config, planFor, recordIdOf } from './choose.ts';

export interface EnsurePorts extends TransitionPorts {
  readonly streams: Streams;
  readonly config: Config;
  readonly telemetry: Telemetry;
}

/** Makes a recording of a live session, unless it is there, and has it recorded. Two writes: recording and job. */
export const createRecording = async (
  { recordings, queues, telemetry, now }: EnsurePorts,
  { domain, app, stream, sessionId }: Stream,
  recordId: string,
  plan: Plan,
): Promise<void> => {
  const recording: Recording = {
    domain,
    app,
    stream,
    recordId,
    sessionId,
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

/** Replaces the stream's recording, which could not be gone on with, by a new one. */
const beginAnew = async (ports: EnsurePorts, stream: Stream): Promise<void> => {
  const planned = await planFor(ports.config, stream);
  if (planned.type === 'not-recorded') {
    await ports.streams.replace({ ...stream, recordIds: [], notRecorded: planned.text }, stream);
    return;
  }
  const recordId = recordIdOf(stream.sessionId, planned.plan.templateId);
  if (await ports.streams.replace({ ...stream, recordIds: [recordId] }, stream)) {
    await createRecording(ports, stream, recordId, planned.plan);
  }
};

/** Has a recording of an earlier session go on with this one. False when it came too late for that. */
export const resume = async (ports: EnsurePorts, stream: Stream, recordId: string): Promise<boolean> => {
  const { sessionId, startedAt } = stream;
  const resumed = await transition(ports, recordId, { type: 'session.resumed', sessionId, at: startedAt });
  return resumed?.sessionId === sessionId;
};

/**
 * Makes true what a live stream's item says: its recordings exist, belong to its session, and have been offered to
 * the recorders. Safe to repeat; does what a crash has left undone.
 */
export const ensureRecordings = async (ports: EnsurePorts, stream: Stream): Promise<void> => {
  for (const recordId of stream.recordIds) {
    const recording = await ports.recordings.get(recordId);
    if (recording === undefined) {
      await beginAnew(ports, stream);
    } else if (recording.sessionId !== stream.sessionId) {
      if (!(await resume(ports, stream, recordId))) await beginAnew(ports, stream);
    } else if (recording.state === 'recording' && recording.owner === undefined) {
      await ports.queues.recordJob({ recordId, epoch: recording.epoch });
    }
  }
};
