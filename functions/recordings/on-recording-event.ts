import { isDeepStrictEqual } from 'node:util';
import type { RecordingEvent } from '../../shared/events/recording-events.ts';
import type { StreamEvent } from '../../shared/events/stream-events.ts';
import {
  announce,
  recordingNotice,
  type TransitionPorts,
  transition,
} from '../../shared/recordings/transition.ts';
import type { Recording } from '../../shared/schemas/recording.ts';
import { isSessionLive } from '../../shared/streams/session-live.ts';
import type { Manifests } from '../../shared/table/manifests.ts';
import type { OwedEvents } from '../../shared/table/owed-events.ts';
import type { Streams } from '../../shared/table/streams.ts';
import { tellSilence } from './silence.ts';
import { tellOfFile } from './tell-of-file.ts';

export interface RecordingEventPorts extends TransitionPorts {
  readonly streams: Streams;
  readonly manifests: Pick<Manifests, 'owe'>;
  readonly owedEvents: Pick<OwedEvents, 'add'>;
  queueStreamEvent(event: StreamEvent): Promise<void>;
}

type EventOf<Type extends RecordingEvent['type']> = Extract<RecordingEvent, { type: Type }>;

/** Has the task of a recording that has ended looked at: it may be what its task was waiting for. */
const tellTask = async (
  { recordings, queueStreamEvent, now }: RecordingEventPorts,
  recordId: string,
): Promise<void> => {
  const recording = await recordings.get(recordId);
  if (recording?.state !== 'completed' && recording?.state !== 'failed') return;
  const { domain, app, stream } = recording;
  await queueStreamEvent({ type: 'tasks-changed', key: { domain, app, stream }, at: now().toISOString() });
};

const captureStarted = async (
  ports: RecordingEventPorts,
  recording: Recording,
  { media, at }: EventOf<'capture.started'>,
): Promise<void> => {
  // It begins with its first media, whichever capture brings them. Noted last: a crash before that announces it again.
  if (recording.media === undefined) {
    await announce(ports, recordingNotice({ ...recording, media }, 'recording.started', at));
  }
  if (!isDeepStrictEqual(recording.media, media)) await ports.recordings.setMedia(recording.recordId, media);
};

const fileChanged = async (
  ports: RecordingEventPorts,
  recording: Recording,
  { fileId }: EventOf<'file.opened' | 'file.closed'>,
): Promise<void> => {
  const { recordId } = recording;
  const file = await ports.files.get(recordId, fileId);
  if (file === undefined) {
    if (recording.deletion !== undefined) return;
    throw new Error(`There is no file ${fileId} of recording ${recordId}`);
  }
  await tellOfFile(ports, recording, file);
  // Of what fails after all nobody is told; the manifest says that it waits.
  if (recording.state === 'completed' && file.state === 'failed')
    await ports.manifests.owe({ recordId, dueAt: ports.now().toISOString(), failures: 0 });
  // Its recorder was taken for lost before it had opened it, and nobody else looks for it any more.
  const isOver = recording.state === 'completed' || recording.state === 'failed';
  if (isOver && file.state === 'recording') await ports.queues.uploadRetry({ recordId, fileId });
  if (recording.state !== 'completing' || file.state === 'recording') return;
  const files = await ports.files.list(recordId);
  await transition(ports, recordId, { type: 'files.settled', files, at: ports.now().toISOString() });
  if (recording.taskId !== undefined) await tellTask(ports, recordId);
};

const captureEnded = async (
  ports: RecordingEventPorts,
  { recordId, epoch, reason, sessionId, waited, at }: EventOf<'capture.ended'>,
): Promise<void> => {
  const ended = await transition(ports, recordId, async (recording) => ({
    type: 'capture.ended',
    epoch,
    reason,
    sessionId,
    waited,
    at,
    now: ports.now().toISOString(),
    sessionLive: await isSessionLive(ports.streams, recording),
  }));
  if (ended === undefined) return;
  if (ended.taskId !== undefined) await tellTask(ports, recordId);
  await tellSilence(ports, ended, { epoch, reason, at });
};

/**
 * Takes in what a recorder tells of a recording. Safe to repeat. What a fenced-off recorder still says of its files
 * is true, as the table has fenced them; the state machine ignores the rest.
 */
export const createRecordingEventHandler =
  (ports: RecordingEventPorts) =>
  async (event: RecordingEvent): Promise<void> => {
    if (event.type === 'capture.ended') return captureEnded(ports, event);
    const recording = await ports.recordings.get(event.recordId);
    // It has been deleted since: a recorder never speaks of what has not been made.
    if (recording === undefined) return;
    return event.type === 'capture.started'
      ? captureStarted(ports, recording, event)
      : fileChanged(ports, recording, event);
  };
