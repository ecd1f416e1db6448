import { abortUploads } from '../../shared/deletion/file-objects.ts';
import { besideOutput, isOwn, outputFormatOf, outputKeyOf } from '../../shared/post-processing/outputs.ts';
import type { WorkerStep } from '../../shared/post-processing/step-kinds.ts';
import type { Artifact } from '../../shared/schemas/post-processing.ts';
import { commandOf } from './command.ts';
import { type Feed, startFeed } from './feed.ts';
import { runFfmpeg } from './ffmpeg.ts';
import { HlsOutput, settleHls } from './hls-file.ts';
import { type Input, offerInput } from './input.ts';
import type { OutputTarget, OutputWriter } from './outputs.ts';
import { Pictures } from './pictures.ts';
import { SingleFile } from './single-file.ts';
import type { Source } from './sources.ts';

const writerFor = (step: WorkerStep, target: OutputTarget, seconds: number): OutputWriter => {
  if (step.kind === 'thumbnails') return new Pictures(target);
  if (step.format !== 'hls') return new SingleFile(target, step.format, seconds);
  return new HlsOutput(target, step.segmentSeconds);
};

/** The output that an earlier try has made, if it has: only the news of it was lost. */
const earlierOutput = async (
  step: WorkerStep,
  target: OutputTarget,
  seconds: number,
): Promise<Artifact | undefined> => {
  const [{ store }, key, format] = [target, outputKeyOf(step, target.key), outputFormatOf(step)];
  await abortUploads(store, key);
  if (!(await isOwn(target, key))) return undefined;
  if (format === 'hls') {
    const made = await settleHls(target, key);
    // A playlist without its segments is in the way of the one that is to come.
    if (made === undefined) await store.delete(key);
    return made;
  }
  const { size = 0 } = (await store.head(key)) ?? {};
  const beside = await besideOutput(store, format, key);
  const sizeBytes = beside.reduce((sum, object) => sum + object.size, size);
  return { format, key, sizeBytes, objects: beside.length + 1, durationSeconds: seconds };
};

/** Looks what earlier tries have left: their uploads are aborted, and their output is taken. @throws StepError, StorageError */
export const findOutput = async (
  step: WorkerStep,
  sources: readonly Source[],
  target: OutputTarget,
): Promise<Artifact | undefined> => {
  const feed = await startFeed();
  try {
    const { seconds } = await offerInput(feed, step, sources, target.signal);
    return await earlierOutput(step, target, seconds);
  } finally {
    await feed.close();
  }
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
