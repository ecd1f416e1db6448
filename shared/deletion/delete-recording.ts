import { bucketOfFile } from '../recordings/places.ts';
import type { Deletion, Reason, Recording, RecordingFile } from '../schemas/recording.ts';
import type { Bucket } from '../schemas/storage.ts';
import { type ObjectStore, StorageError } from '../storage/object-store.ts';
import type { Files } from '../table/files.ts';
import type { Recordings } from '../table/recordings.ts';
import type { Streams } from '../table/streams.ts';
import { deleteFileObjects, deleteWorkObjects } from './file-objects.ts';

export interface DeletionPorts {
  readonly recordings: Recordings;
  readonly files: Files;
  readonly streams: Streams;
  storeOf(bucket: Bucket): ObjectStore;
  /** Where the spool bucket is. */
  readonly homeRegion: string;
  now(): Date;
}

export type DeletionOutcome =
  | { type: 'deleted'; files: number }
  /** Its objects are gone, the record of it stays. */
  | { type: 'expired'; files: number }
  /** A storage does not let its objects go. It is tried again later. */
  | { type: 'refused'; reason: Reason; nextTryAt: string }
  /** There is nothing to delete, any more. */
  | { type: 'void' };

const FIRST_PAUSE_SECONDS = 60;
const LONGEST_PAUSE_SECONDS = 24 * 3600;

/** Files worked on at once. */
const CONCURRENCY = 8;

/** How long a storage that has refused so many times in a row is left in peace. */
export const pauseSeconds = (failures: number): number =>
  Math.min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** (failures - 1));

const refusalOf = ({ kind, message }: StorageError): Reason => ({
  cause: 'storage',
  code: kind === 'denied' ? 'storage-denied' : 'storage-failed',
  text: message,
});

type Doomed = Recording & { deletion: Deletion };

/** One file after the other is deleted and forgotten, so that a crash costs one file's work. */
const deleteFiles = async (
  ports: DeletionPorts,
  recording: Doomed,
  found: readonly RecordingFile[],
): Promise<void> => {
  const { recordId, deletion } = recording;
  const waiting = found.values();
  const take = async (): Promise<void> => {
    for (const file of waiting) {
      if (deletion.objects && file.state !== 'expired') {
        await deleteFileObjects(ports.storeOf(bucketOfFile(recording, file, ports.homeRegion)), file);
      }
      if (deletion.record) await ports.files.remove(recordId, file.fileId);
      else await ports.files.expire(recordId, file.fileId);
    }
  };
  const results = await Promise.allSettled(Array.from({ length: CONCURRENCY }, take));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  if (deletion.objects) await deleteWorkObjects(ports.storeOf(recording.plan.storage), recordId);
};

const noteRefusal = async (
  { recordings, now }: DeletionPorts,
  recording: Doomed,
  error: StorageError,
): Promise<DeletionOutcome> => {
  const { deletion, revision } = recording;
  const [failures, reason] = [deletion.failures + 1, refusalOf(error)];
  const nextTryAt = new Date(now().getTime() + pauseSeconds(failures) * 1000).toISOString();
  // Refused when somebody has asked for it again meanwhile: that is queued already.
  await recordings.replace({
    ...recording,
    deletion: { ...deletion, failures, reason, dueAt: nextTryAt },
    revision: revision + 1,
  });
  return { type: 'refused', reason, nextTryAt };
};

/** The record is the obligation: it goes, or says that all is done, last. False when it has changed meanwhile. */
const settle = async ({ recordings, streams, now }: DeletionPorts, recording: Doomed): Promise<boolean> => {
  const { deletion, ...rest } = recording;
  if (!deletion.record) {
    const expiredAt = now().toISOString();
    return recordings.replace({ ...rest, expiredAt, revision: rest.revision + 1 });
  }
  const { domain, app, stream, recordId } = rest;
  await streams.forgetRecording({ domain, app, stream }, recordId);
  return recordings.remove(recordId, rest.revision);
};

/**
 * Deletes what a recording says is to be deleted of it. Safe to repeat and to run twice at once; what a crash leaves
 * undone, the next run does.
 */
export const deleteRecording = async (ports: DeletionPorts, recordId: string): Promise<DeletionOutcome> => {
  for (;;) {
    const recording = await ports.recordings.get(recordId);
    if (recording?.deletion === undefined) return { type: 'void' };
    const doomed: Doomed = { ...recording, deletion: recording.deletion };
    const found = await ports.files.list(recordId);
    try {
      await deleteFiles(ports, doomed, found);
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      return noteRefusal(ports, doomed, error);
    }
    if (!(await settle(ports, doomed))) continue;
    return { type: doomed.deletion.record ? 'deleted' : 'expired', files: found.length };
  }
};
