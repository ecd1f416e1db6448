import type { WorkerStep } from '../../shared/post-processing/step-kinds.ts';
import type { Format } from '../../shared/schemas/names.ts';
import type { Media } from '../../shared/schemas/recording.ts';
import { type CommandInput, DEMUXERS, type ProbedInput } from './command.ts';
import type { Fed, Feed } from './feed.ts';
import { fromKeyFrame } from './from-key-frame.ts';
import { probe } from './probe.ts';
import { readAhead, readObject } from './read-object.ts';
import { type Piece, type Source, segmentRuns } from './sources.ts';
import { StepError } from './step-error.ts';
import { unsuitable } from './suitable.ts';

/** What is read of one file without a break in its time stamps. */
interface Stretch {
  readonly fed: Fed;
  readonly extension: keyof typeof DEMUXERS;
  readonly bytes: number;
  readonly seconds: number;
  /** Of HLS: how long it is, which ffmpeg cannot find out before it has read it. */
  readonly isStream: boolean;
}

export interface Input {
  readonly command: ProbedInput;
  /** What has been read, and is going to be, about; for the progress. */
  readonly bytes: number;
  readonly seconds: number;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

const ofPieces = (pieces: readonly Piece[]): Stretch => ({
  fed: { open: () => readAhead(pieces) },
  extension: 'ts',
  bytes: sum(pieces.map(({ size }) => size)),
  seconds: sum(pieces.map(({ seconds }) => seconds)),
  isStream: true,
});

const ofObject = (source: Source, extension: Exclude<Format, 'hls'>): Stretch => ({
  fed: { size: source.size, open: (range) => readObject(source, range) },
  extension,
  bytes: source.size,
  seconds: source.seconds,
  isStream: false,
});

const stretchesOf = async (source: Source): Promise<Stretch[]> => {
  const { format } = source;
  return format === 'hls' ? (await segmentRuns(source)).map(ofPieces) : [ofObject(source, format)];
};

interface Asked {
  readonly feed: Feed;
  readonly step: WorkerStep;
  readonly signal: AbortSignal;
}

/** A list of what has been offered, as one input. */
const offerList = (
  feed: Feed,
  inputs: readonly CommandInput[],
  stretches: readonly Stretch[],
): CommandInput => {
  const entries = stretches.flatMap(({ isStream, seconds }, index) => [
    `file '${inputs[index]?.url}'`,
    `option format_whitelist ${inputs[index]?.demuxer}`,
    ...(isStream ? [`duration ${seconds}`] : []),
  ]);
  const list = Buffer.from(['ffconcat version 1.0', ...entries, ''].join('\n'));
  const fed: Fed = {
    size: list.length,
    open: async function* open({ start, length } = { start: 0, length: list.length }) {
      yield list.subarray(start, start + length);
    },
  };
  return { url: feed.offer('list.ffconcat', fed), demuxer: 'concat' };
};

/** Offers what is read, once it is known that the step can make something of it. */
const offerAll = async (
  { feed, step, signal }: Asked,
  stretches: readonly Stretch[],
  sources: readonly Source[],
): Promise<ProbedInput> => {
  const inputs = stretches.map(({ fed, extension }, index): CommandInput => {
    const url = feed.offer(`${index}.${extension}`, fed);
    return { url, demuxer: DEMUXERS[extension] };
  });
  const found: Media[] = [];
  try {
    for (const input of inputs) found.push(await probe(input, signal));
  } catch (error) {
    throw feed.failure ?? error;
  }
  const [only, media] = [inputs[0], found[0]];
  const problem = unsuitable(step, found);
  if (only === undefined || media === undefined || problem !== undefined) {
    throw new StepError('input-unsuitable', problem, { final: true });
  }
  const input = inputs.length === 1 ? only : offerList(feed, inputs, stretches);
  return { ...input, media, adts: sources.some((source) => source.adts) };
};

/** The segments of HLS that lie between two times, and how long after the first one's beginning the first time is. */
const chosen = (runs: readonly (readonly Piece[])[], from: number, to: number) => {
  let at = 0;
  let offset = 0;
  const picked = runs.map((run) =>
    run.filter(({ seconds }) => {
      const begin = at;
      at += seconds;
      const isIn = at > from && begin < to;
      if (isIn && begin <= from) offset = from - begin;
      return isIn;
    }),
  );
  return { runs: picked.filter((run) => run.length > 0), offset };
};

const clipOfHls = async (asked: Asked, source: Source, from: number, to: number): Promise<Input> => {
  const { runs, offset } = chosen(await segmentRuns(source), from, to);
  const [[first, ...rest] = [], ...others] = runs;
  if (first === undefined) throw new StepError('input-unsuitable', 'It is shorter.', { final: true });
  const read: Buffer[] = [];
  for await (const chunk of readObject(first)) read.push(chunk);
  const { bytes, cutSeconds } = fromKeyFrame(Buffer.concat(read), offset);
  const begin: Stretch = {
    ...ofPieces([first, ...rest]),
    seconds: sum([first, ...rest].map(({ seconds }) => seconds)) - cutSeconds,
    fed: {
      open: async function* open() {
        yield bytes;
        yield* readAhead(rest);
      },
    },
  };
  const stretches = [begin, ...others.map(ofPieces)];
  const takeSeconds = to - from + offset - cutSeconds;
  return {
    command: { ...(await offerAll(asked, stretches, [source])), takeSeconds },
    bytes: asked.feed.servedBytes + sum(stretches.map((stretch) => stretch.bytes)),
    seconds: takeSeconds,
  };
};

/** Offers what a step reads to ffmpeg. @throws StepError, StorageError */
export const offerInput = async (
  feed: Feed,
  step: WorkerStep,
  sources: readonly Source[],
  signal: AbortSignal,
): Promise<Input> => {
  const asked = { feed, step, signal };
  const [only] = sources;
  if (step.kind === 'clip' && only !== undefined) {
    const { fromSeconds, toSeconds } = step;
    const { format, seconds, size } = only;
    if (fromSeconds >= seconds) {
      throw new StepError('input-unsuitable', `It is ${seconds} s long.`, { final: true });
    }
    if (format === 'hls') return clipOfHls(asked, only, fromSeconds, toSeconds);
    const takeSeconds = Math.min(toSeconds, seconds) - fromSeconds;
    const offered = await offerAll(asked, [ofObject(only, format)], [only]);
    return {
      command: { ...offered, seekSeconds: fromSeconds, takeSeconds },
      bytes: feed.servedBytes + (size * takeSeconds) / seconds,
      seconds: takeSeconds,
    };
  }
  const stretches = (await Promise.all(sources.map(stretchesOf))).flat();
  return {
    command: await offerAll(asked, stretches, sources),
    bytes: feed.servedBytes + sum(stretches.map(({ bytes }) => bytes)),
    seconds: sum(stretches.map(({ seconds }) => seconds)),
  };
};
