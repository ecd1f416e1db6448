import { isSegmentOf, segmentPrefix } from '../closing/hls-journal.ts';
import { isRemote } from '../post-processing/step-kinds.ts';
import type { Run } from '../schemas/post-processing.ts';
import type { Bucket } from '../schemas/storage.ts';
import type { ObjectStore } from '../storage/object-store.ts';

const isPicture = (folder: string, key: string): boolean => /^\d{6}\.jpg$/.test(key.slice(folder.length));

/**
 * Deletes everything that the steps of a run have made, and no other object. Safe to repeat; what lists others goes last.
 * @throws StorageError
 */
export const deleteRunObjects = async (
  storeOf: (bucket: Bucket) => ObjectStore,
  { steps }: Run,
): Promise<void> => {
  for (const { step, destination, output, attempt } of steps) {
    const store = storeOf(destination.bucket);
    // Others were given a folder of their own, and may have left something in it however it ended.
    if (isRemote(step) && attempt > 0) {
      const left = await store.list(`${destination.key}/`);
      await store.deleteMany(left.map(({ key }) => key));
    }
    if (output === undefined) continue;
    const { format, key } = output;
    const folder = format === 'hls' ? segmentPrefix(key) : `${destination.key}/`;
    const listed = format === 'hls' || format === 'images' ? await store.list(folder) : [];
    const own = listed
      .map((object) => object.key)
      .filter((one) => (format === 'hls' ? isSegmentOf(key, one) : isPicture(folder, one)));
    await store.deleteMany([...own, key]);
  }
};
