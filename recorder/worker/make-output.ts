import { playlistSeconds, readPlaylist, segmentPrefix } from '../../shared/closing/hls-journal.ts';
import type { WorkerStep } from '../../shared/post-processing/step-kinds.ts';
import type { Artifact } from '../../shared/schemas/post-processing.ts';
import { EXTENSIONS } from '../../shared/storage/content-types.ts';
import { StorageError } from '../../shared/storage/object-store.ts';
import { commandOf } from './command.ts';
import { type Feed, startFeed } from './feed.ts';
import { runFfmpeg } from './ffmpeg.ts';
import { HlsOutput, removeUnlisted } from './hls-file.ts';
import { type Input, offerInput } from './input.ts';
import { isOwn, type OutputTarget, type OutputWriter } from './outputs.ts';
import { Pictures } from './pictures.ts';
import { SingleFile } from './single-file.ts';
import type { Source } from './sources.ts';

const formatOf = (step: WorkerStep): Artifact['format'] =>
  step.kind === 'thumbnails' ? 'images' : step.format;

/** The object with which an output appears. */
const keyOf = (step: WorkerStep, { key }: OutputTarget): string =>
  step.kind === 'thumbnails' ? `${key}.vtt` : `${key}${EXTENSIONS[step.format]}`;

const writerFor = (step: WorkerStep, target: OutputTarget, seconds: number): OutputWriter => {
  if (step.kind === 'thumbnails') return new Pictures(target);
  if (step.format !== 'hls') return new SingleFile(target, step.format, seconds);
  return new HlsOutput(target, step.segmentSeconds);
};

/** Aborts the uploads of tries that did not come to their end, and removes their segments. */
export const clearUp = async (step: WorkerStep, target: OutputTarget): Promise<void> => {
  const { store } = target;
  const key = keyOf(step, target);
  for (const uploadId of await store.listUploads(key)) {
    await store.abortUpload(key, uploadId).catch((error: unknown) => {
      if (!(error instanceof StorageError && error.kind === 'missing')) throw error;
    });
  }
  if (formatOf(step) === 'hls') await removeUnlisted(target, key);
};

/** The output that an earlier try has made, if it has: only the news of it was lost. */
const earlierOutput = async (
  step: WorkerStep,
  target: OutputTarget,
  seconds: number,
): Promise<Artifact | undefined> => {
  const [{ store }, key, format] = [target, keyOf(step, target), formatOf(step)];
  if (!(await isOwn(target, key))) return undefined;
  const { size = 0 } = (await store.head(key)) ?? {};
  const folder = format === 'hls' ? segmentPrefix(key) : format === 'images' ? `${target.key}/` : undefined;
  const beside = folder === undefined ? [] : await store.list(folder);
  const durationSeconds =
    format === 'hls' ? playlistSeconds((await readPlaylist(store, key)).playlist) : seconds;
  const sizeBytes = beside.reduce((sum, object) => sum + object.size, size);
  return { format, key, sizeBytes, objects: beside.length + 1, durationSeconds };
};

const percentOf = (feed: Feed, { bytes }: Input): number =>
  bytes > 0 ? Math.min(99, Math.floor((100 * feed.servedBytes) / bytes)) : 0;

/**
 * Does what a step says, and lets its output appear as a whole, and once, however many have tried and however far they
 * came. @param onProgress told how to find out the percentage
 * @throws StepError, StorageError
 */
export const makeOutput = async (
  step: WorkerStep,
  sources: readonly Source[],
  target: OutputTarget,
  onProgress: (percent: () => number) => void,
): Promise<Artifact> => {
  const feed = await startFeed();
  try {
    const input = await offerInput(feed, step, sources, target.signal);
    if (target.attempt > 1) {
      await clearUp(step, target);
      const made = await earlierOutput(step, target, input.seconds);
      if (made !== undefined) return made;
    }
    onProgress(() => percentOf(feed, input));
    const writer = writerFor(step, target, input.seconds);
    try {
      await runFfmpeg({
        args: commandOf(step, input.command),
        signal: target.signal,
        take: (chunk) => writer.take(chunk),
        onLine: (line) => writer.onLine?.(line),
      });
      // ffmpeg takes an input that breaks off for one that is over.
      if (feed.failure !== undefined) throw feed.failure;
      target.signal.throwIfAborted();
      return await writer.finish(input.seconds);
    } catch (error) {
      await writer.abandon();
      throw feed.failure ?? error;
    }
  } finally {
    await feed.close();
  }
};
