import { isDeepStrictEqual } from 'node:util';
import type { RecordingEvent } from '../../shared/events/recording-events.ts';
import {
  announce,
  fileNotice,
  recordingNotice,
  type TransitionPorts,
  transition,
} from '../../shared/recordings/transition.ts';
import type { Recording } from '../../shared/schemas/recording.ts';
import { isSessionLive } from '../../shared/streams/session-live.ts';
import type { Streams } from '../../shared/table/streams.ts';

export interface RecordingEventPorts extends TransitionPorts {
  readonly streams: Streams;
}

type EventOf<Type extends RecordingEvent['type']> = Extract<RecordingEvent, { type: Type }>;

const captureStarted = async (
  ports: RecordingEventPorts,
  recording: Recording,
  { capture, media, at }: EventOf<'capture.started'>,
): Promise<void> => {
  if (!isDeepStrictEqual(recording.media, media)) await ports.recordings.setMedia(recording.recordId, media);
  if (capture === 1) await announce(ports, recordingNotice(recording, 'recording.started', at));
};

const fileChanged = async (
  ports: RecordingEventPorts,
  recording: Recording,
  { type, fileId }: EventOf<'file.opened' | 'file.closed'>,
): Promise<void> => {
  const { recordId } = recording;
  const file = await ports.files.get(recordId, fileId);
  if (file === undefined) throw new Error(`There is no file ${fileId} of recording ${recordId}`);
  if (type === 'file.opened') {
    await announce(ports, fileNotice(recording, { ...file, state: 'recording' }, 'file.opened'));
    return;
  }
  if (file.state === 'ready') await announce(ports, fileNotice(recording, file, 'file.ready'));
  if (recording.state !== 'completing') return;
  const files = await ports.files.list(recordId);
  await transition(ports, recordId, { type: 'files.settled', files, at: ports.now().toISOString() });
};

const captureEnded = async (
  ports: RecordingEventPorts,
  { recordId, epoch, reason, at }: EventOf<'capture.ended'>,
): Promise<void> => {
  await transition(ports, recordId, async (recording) => ({
    type: 'capture.ended',
    epoch,
    reason,
    at,
    sessionLive: await isSessionLive(ports.streams, recording),
  }));
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
    if (recording === undefined) throw new Error(`There is no recording ${event.recordId}`);
    return event.type === 'capture.started'
      ? captureStarted(ports, recording, event)
      : fileChanged(ports, recording, event);
  };
