import { besideOutput, MARK, markOf, outputFormatOf, outputKeyOf } from '../post-processing/outputs.ts';
import { isRemote } from '../post-processing/step-kinds.ts';
import type { Run, RunStep } from '../schemas/post-processing.ts';
import type { Bucket } from '../schemas/storage.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import { abortUploads } from './file-objects.ts';

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
  const key = outputKeyOf(step, destination.key);
  await abortUploads(store, key);
  const there = await store.head(key);
  // Somebody else's has its own segments or pictures beside it.
  const isTheirs = there !== undefined && there.metadata[MARK] !== markOf(run, step);
  if (output === undefined && isTheirs) return;
  const beside = await besideOutput(store, outputFormatOf(step), key);
  await store.deleteMany([...beside.map((one) => one.key), key]);
};

/** The same of every step of a run. @throws StorageError */
export const deleteRunObjects = async (storeOf: (bucket: Bucket) => ObjectStore, run: Run): Promise<void> => {
  for (const step of run.steps) await deleteStepObjects(storeOf, run, step);
};
