import { isListed, MARK, outputFormatOf, outputKeyOf } from '../../shared/post-processing/outputs.ts';
import type { WorkerStep } from '../../shared/post-processing/step-kinds.ts';
import type { Artifact } from '../../shared/schemas/post-processing.ts';
import { abortUploads } from '../../shared/storage/abort-uploads.ts';
import type { OutputTarget } from './outputs.ts';
import { settle } from './settle.ts';

/**
 * The output that an earlier try has made, if it has: only the news of it was lost. What it was made of need not be there
 * any more. Uploads of earlier tries are aborted. @param seconds finds out how long it is, where it does not tell itself
 * @throws StepError, StorageError
 */
export const earlierOutput = async (
  step: WorkerStep,
  { store, key: base, mark, attempt }: OutputTarget,
  seconds: () => Promise<number>,
): Promise<Artifact | undefined> => {
  if (attempt === 1) return undefined;
  const [key, format] = [outputKeyOf(step, base), outputFormatOf(step)];
  if (!isListed(format)) await abortUploads(store, key);
  const there = await store.head(key);
  if (there?.metadata[MARK] !== mark) return undefined;
  if (!isListed(format)) {
    return { format, key, sizeBytes: there.size, objects: 1, durationSeconds: await seconds() };
  }
  const made = await settle(store, format, key);
  // A list without what it lists is in the way of the one that is to come.
  if (made === undefined) await store.delete(key);
  return made;
};
