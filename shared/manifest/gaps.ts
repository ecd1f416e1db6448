import type { Segment } from '../hls/playlist.ts';
import type { FileGap, RecordingFile } from '../schemas/recording.ts';

/** A time that was recorded, or was not: milliseconds since the epoch. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** Files of several formats begin a little beside one another, and a server may send the last key frame once more. */
const LEAST_GAP_MS = 1000;
/** Of one playlist: they stand in the file's item. The longest ones are kept. */
const MOST_GAPS = 200;

const stamp = (ms: number): string => new Date(ms).toISOString();

/** What is missing between the segments of a playlist, as far as they say when they were live. Pure. */
export const gapsIn = (segments: readonly Omit<Segment, 'uri'>[]): FileGap[] => {
  const spans = segments
    .filter(({ programDateTime }) => programDateTime !== undefined)
    .map(({ programDateTime = '', durationSeconds }): Span => {
      const from = Date.parse(programDateTime);
      return { from, to: from + durationSeconds * 1000 };
    });
  const longest = holesIn(spans).sort((one, other) => other.to - other.from - (one.to - one.from));
  return longest
    .slice(0, MOST_GAPS)
    .sort((one, other) => one.from - other.from)
    .map(({ from, to }) => ({ from: stamp(from), to: stamp(to) }));
};

/** The same spans as few as possible, in order. */
const joined = (spans: readonly Span[]): Span[] => {
  const result: Span[] = [];
  for (const span of spans.toSorted((one, other) => one.from - other.from)) {
    const last = result.at(-1);
    if (last === undefined || span.from - last.to >= LEAST_GAP_MS) result.push(span);
    else result[result.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
  }
  return result;
};

const holesIn = (spans: readonly Span[]): Span[] => {
  const known = joined(spans);
  return known.slice(1).map(({ from }, index) => ({ from: known[index]?.to ?? from, to: from }));
};

type Covering = Pick<RecordingFile, 'startedAt' | 'durationSeconds' | 'gaps'>;

/** When the media of a file were live: its duration, with its gaps in between. */
const spansOf = ({ startedAt, durationSeconds, gaps = [] }: Covering): Span[] => {
  let from = Date.parse(startedAt);
  let left = durationSeconds * 1000;
  const spans: Span[] = [];
  for (const gap of gaps) {
    const to = Date.parse(gap.from);
    spans.push({ from, to });
    left -= to - from;
    from = Date.parse(gap.to);
  }
  return [...spans, { from, to: from + Math.max(left, 0) }];
};

/** What some file of a recording has, and what none has. Pure. */
export const coverageOf = (files: readonly Covering[]): { recordedSeconds: number; gaps: FileGap[] } => {
  const spans = files.filter(({ durationSeconds }) => durationSeconds > 0).flatMap(spansOf);
  const recorded = joined(spans).reduce((sum, { from, to }) => sum + (to - from), 0);
  const gaps = holesIn(spans).map(({ from, to }) => ({ from: stamp(from), to: stamp(to) }));
  return { recordedSeconds: Number((recorded / 1000).toFixed(3)), gaps };
};
