import { renderPlaylist } from '../hls/playlist.ts';
import { endReason } from '../recordings/end-reason.ts';
import type { Recording, RecordingFile } from '../schemas/recording.ts';
import { CONTENT_TYPES } from '../storage/content-types.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import type { Files } from '../table/files.ts';
import { loadHls, playlistSeconds } from './hls-journal.ts';
import { type ClosedMedia, closeFromJournal, removeWorkObjects } from './media-journal.ts';

const closeHls = async (store: ObjectStore, file: RecordingFile): Promise<ClosedMedia | undefined> => {
  const { playlist, sizeBytes } = await loadHls(store, file.key);
  if (playlist.segments.length === 0) return undefined;
  const text = renderPlaylist({ ...playlist, ended: true });
  await store.put(file.key, Buffer.from(text), { contentType: CONTENT_TYPES.hls });
  return { sizeBytes, durationSeconds: playlistSeconds(playlist) };
};

export interface ClosingPorts {
  readonly files: Files;
  storeFor(recording: Recording): ObjectStore;
  now(): Date;
}

/**
 * Closes a file whose recorder is gone. First the file is sealed: its epoch becomes one that the recorder which
 * opened it does not have, so that a recorder that was only slow is refused from here on.
 * @returns the file as it is now; undefined when it was not open, or somebody else is at it
 */
export const closeAbandoned = async (
  ports: ClosingPorts,
  recording: Recording,
  fileId: string,
): Promise<RecordingFile | undefined> => {
  const file = await ports.files.get(recording.recordId, fileId);
  if (file === undefined || file.state !== 'recording') return undefined;
  // While the recording runs under the file's own epoch, its recorder is at work.
  const isOurs =
    recording.state === 'recording' && recording.owner !== undefined && file.epoch === recording.epoch;
  // While it is handed over, the recorder that leaves closes its files itself.
  const { handover } = recording;
  const isLeavers = handover !== undefined && handover.left !== true && file.epoch === handover.epoch;
  if (isOurs || isLeavers) return undefined;
  const sealed = { ...file, epoch: Math.max(file.epoch, recording.epoch) };
  if (!(await ports.files.write(sealed, file.epoch))) return undefined;

  const store = ports.storeFor(recording);
  const { journal } = sealed;
  const closed =
    journal === undefined
      ? await closeHls(store, sealed)
      : await closeFromJournal(store, { ...sealed, journal });
  const { journal: _, ...rest } = sealed;
  const at = ports.now().toISOString();
  const ended: RecordingFile =
    closed === undefined
      ? {
          // Its journal says what is still to be cleared away when the recording is deleted.
          ...sealed,
          state: 'failed',
          reason: endReason('recorder-lost', 'Nothing of this file had been stored yet.'),
        }
      : { ...rest, ...closed, state: 'ready', readyAt: at };
  if (!(await ports.files.write(ended))) return undefined;
  if (journal !== undefined) await removeWorkObjects(store, { ...sealed, journal });
  return ended;
};
