import type { WorkerStep } from '../../shared/post-processing/step-kinds.ts';
import type { Artifact } from '../../shared/schemas/post-processing.ts';
import { commandOf } from './command.ts';
import { type Feed, startFeed } from './feed.ts';
import { runFfmpeg } from './ffmpeg.ts';
import { HlsOutput } from './hls-file.ts';
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
