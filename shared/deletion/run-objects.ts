import {
  besideOutput,
  isListed,
  MARK,
  markOf,
  outputFormatOf,
  outputKeyOf,
} from '../post-processing/outputs.ts';
import { isRemote } from '../post-processing/step-kinds.ts';
import type { Run, RunStep } from '../schemas/post-processing.ts';
import type { Bucket } from '../schemas/storage.ts';
import { abortUploads } from '../storage/abort-uploads.ts';
import type { ObjectStore } from '../storage/object-store.ts';

/**
 * Deletes everything that a step of a run has made or left behind, however it ended, and no other object. Safe to repeat;
 * what lists others goes last.
 * @throws StorageError
 */
export const deleteStepObjects = async (
  storeOf: (bucket: Bucket) => ObjectStore,
  run: Pick<Run, 'recordId' | 'runId'>,
  { step, destination, output, attempt }: RunStep,
): Promise<void> => {
  if (attempt === 0) return;
  const store = storeOf(destination.bucket);
  if (isRemote(step)) {
    // Others were given a folder of their own.
    const left = await store.list(`${destination.key}/`);
    await store.deleteMany(left.map(({ key }) => key));
    return;
  }
  const [key, format] = [outputKeyOf(step, destination.key), outputFormatOf(step)];
  if (!isListed(format)) await abortUploads(store, key);
  const there = await store.head(key);
  // Somebody else's has its own segments or pictures beside it.
  const isTheirs = there !== undefined && there.metadata[MARK] !== markOf(run, step);
  if (output === undefined && isTheirs) return;
  const beside = await besideOutput(store, format, key);
  await store.deleteMany([...beside.map((one) => one.key), key]);
};
