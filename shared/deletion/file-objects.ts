import { isSegmentOf, segmentPrefix } from '../closing/hls-journal.ts';
import { WORK_PREFIX } from '../constants.ts';
import type { RecordingFile } from '../schemas/recording.ts';
import { abortUpload } from '../storage/abort-uploads.ts';
import type { ObjectStore } from '../storage/object-store.ts';

/**
 * Deletes one object, or what was to become it. Safe to repeat.
 * @throws StorageError
 */
export const deleteObject = async (
  store: ObjectStore,
  key: string,
  uploadId: string | undefined,
): Promise<void> => {
  if (uploadId !== undefined) await abortUpload(store, key, uploadId);
  await store.deleteMany([key]);
};

/**
 * Deletes every object of a file, and no other. Safe to repeat; a playlist goes after its segments.
 * @param uploadIds of uploads that are open under its key
 * @throws StorageError
 */
export const deleteFileObjects = async (
  store: ObjectStore,
  { format, key, journal }: Pick<RecordingFile, 'format' | 'key' | 'journal'>,
  uploadIds: readonly string[] = [],
): Promise<void> => {
  for (const uploadId of uploadIds) await abortUpload(store, key, uploadId);
  const keys = journal === undefined ? [] : [journal.heldKey, journal.tailKey];
  if (format === 'hls') {
    const listed = await store.list(segmentPrefix(key));
    keys.push(...listed.map((object) => object.key).filter((one) => isSegmentOf(key, one)));
  }
  await store.deleteMany([...keys, key]);
};

/** Keys of what is there only while files of a recording are open. @throws StorageError */
export const workKeys = async (store: ObjectStore, recordId: string): Promise<string[]> =>
  (await store.list(`${WORK_PREFIX}${recordId}/`)).map(({ key }) => key);

/**
 * Deletes what a recorder may have left behind that was killed while it tidied up.
 * @throws StorageError
 */
export const deleteWorkObjects = async (store: ObjectStore, recordId: string): Promise<void> =>
  store.deleteMany(await workKeys(store, recordId));
