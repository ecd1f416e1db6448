import type { WorkerStep } from '../../shared/post-processing/step-kinds.ts';
import type { CommandInput } from './command.ts';
import type { Fed, Feed } from './feed.ts';
import { fromKeyFrame } from './from-key-frame.ts';
import { readAhead, readObject } from './read-object.ts';
import { type Piece, type Source, segmentRuns } from './sources.ts';
import { StepError } from './step-error.ts';

/** What is read of one file without a break in its time stamps. */
interface Stretch {
  readonly fed: Fed;
  readonly extension: string;
  readonly bytes: number;
  readonly seconds: number;
  /** Of HLS: how long it is, which ffmpeg cannot find out before it has read it. */
  readonly isStream: boolean;
}

export interface Input {
  readonly command: CommandInput;
  /** What is going to be read, about; for the progress. */
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

const ofObject = (source: Source): Stretch => ({
  fed: { size: source.size, open: (range) => readObject(source, range) },
  extension: source.format,
  bytes: source.size,
  seconds: source.seconds,
  isStream: false,
});

const stretchesOf = async (source: Source): Promise<Stretch[]> =>
  source.format === 'hls' ? (await segmentRuns(source)).map(ofPieces) : [ofObject(source)];

const offerAll = (
  feed: Feed,
  stretches: readonly Stretch[],
  sources: readonly Source[],
): Pick<CommandInput, 'url' | 'isList' | 'adts'> => {
  const adts = sources.some((source) => source.adts);
  const urls = stretches.map(({ fed, extension }, index) => feed.offer(`${index}.${extension}`, fed));
  const [only] = urls;
  if (only === undefined) throw new StepError('input-unsuitable', undefined, { final: true });
  if (urls.length === 1) return { url: only, isList: false, adts };
  const entries = stretches.map(
    ({ isStream, seconds }, index) => `file '${urls[index]}'\n${isStream ? `duration ${seconds}\n` : ''}`,
  );
  const list = Buffer.from(`ffconcat version 1.0\n${entries.join('')}`);
  const fed: Fed = {
    size: list.length,
    open: async function* open({ start, length } = { start: 0, length: list.length }) {
      yield list.subarray(start, start + length);
    },
  };
  return { url: feed.offer('list.ffconcat', fed), isList: true, adts };
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

const clipOfHls = async (feed: Feed, source: Source, from: number, to: number): Promise<Input> => {
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
    command: { ...offerAll(feed, stretches, [source]), takeSeconds },
    bytes: sum(stretches.map((stretch) => stretch.bytes)),
    seconds: takeSeconds,
  };
};

/** Offers what a step reads to ffmpeg. @throws StepError, StorageError */
export const offerInput = async (
  feed: Feed,
  step: WorkerStep,
  sources: readonly Source[],
): Promise<Input> => {
  const [only] = sources;
  if (step.kind === 'clip' && only !== undefined) {
    const { fromSeconds, toSeconds } = step;
    if (fromSeconds >= only.seconds) {
      throw new StepError('input-unsuitable', `It is ${only.seconds} s long.`, { final: true });
    }
    if (only.format === 'hls') return clipOfHls(feed, only, fromSeconds, toSeconds);
    const takeSeconds = Math.min(toSeconds, only.seconds) - fromSeconds;
    const command = { ...offerAll(feed, [ofObject(only)], [only]), seekSeconds: fromSeconds, takeSeconds };
    return { command, bytes: (only.size * takeSeconds) / only.seconds, seconds: takeSeconds };
  }
  const stretches = (await Promise.all(sources.map(stretchesOf))).flat();
  return {
    command: offerAll(feed, stretches, sources),
    bytes: sum(stretches.map(({ bytes }) => bytes)),
    seconds: sum(stretches.map(({ seconds }) => seconds)),
  };
};
