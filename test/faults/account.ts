import { FRAMES_PER_SECOND } from '../support/media.ts';

/** One file as it was decoded. */
export interface FileDecoded {
  readonly format: string;
  readonly key: string;
  readonly pictures: readonly string[];
  readonly complaints: string;
}

/** What has become of the frames that were pushed, in one format. */
export interface FormatAccount {
  readonly format: string;
  readonly files: number;
  readonly valid: number;
  /** Frames at the beginning that had gone by when the recording began; not counted as lost. */
  readonly late: number;
  /** All others that are in no file. */
  readonly lost: number;
  /** How often a frame comes that was there already, in whatever file. */
  readonly doubled: number;
  /** How often a file goes back to an earlier frame than the one before. */
  readonly disordered: number;
  /** Pictures that are none of the source: what was decoded without what it refers to. */
  readonly foreign: number;
  /** Of the lost ones in a row, the most; in seconds. */
  readonly longestGapSeconds: number;
  /** Where each run of frames in the files begins and ends in the source, such as `0-249`. */
  readonly runs: readonly string[];
  readonly faults: readonly string[];
}

/** Runs of consecutive frames, in the order of the file; `foreign` pictures end a run. */
const runsOf = (positions: readonly (number | undefined)[]): [number, number][] => {
  const runs: [number, number][] = [];
  let last: [number, number] | undefined;
  for (const position of positions) {
    if (position === undefined) last = undefined;
    else if (last !== undefined && position === last[1] + 1) last[1] = position;
    else {
      last = [position, position];
      runs.push(last);
    }
  }
  return runs;
};

const longestRun = (isLost: readonly boolean[]): number => {
  let [longest, current] = [0, 0];
  for (const lost of isLost) {
    current = lost ? current + 1 : 0;
    longest = Math.max(longest, current);
  }
  return longest;
};

/** How many frames of a source there are up to the last one that is in a file. Pure. */
export const lastFound = (source: readonly string[], files: readonly FileDecoded[]): number => {
  const found = new Set(files.flatMap(({ pictures }) => pictures));
  return source.findLastIndex((picture) => found.has(picture)) + 1;
};

/** How many frames of a source there are before the first one that is in a file; undefined when none is. Pure. */
export const firstFound = (source: readonly string[], files: readonly FileDecoded[]): number | undefined => {
  const found = new Set(files.flatMap(({ pictures }) => pictures));
  const first = source.findIndex((picture) => found.has(picture));
  return first < 0 ? undefined : first;
};

/**
 * Accounts for every frame of a source in the files of one format. Pure.
 * @param source hashes of the source's pictures, no two alike
 * @param pushed how many of them were pushed for certain
 * @param late how many of them had gone by when the recording began
 */
export const accountFor = (
  format: string,
  source: readonly string[],
  files: readonly FileDecoded[],
  pushed = source.length,
  late = 0,
): FormatAccount => {
  const at = new Map(source.map((picture, index) => [picture, index]));
  const times = new Array<number>(source.length).fill(0);
  const faults: string[] = [];
  const runs: string[] = [];
  let [foreign, valid, disordered] = [0, 0, 0];
  for (const { key, pictures, complaints } of files) {
    const positions = pictures.map((picture) => at.get(picture));
    let last = -1;
    for (const position of positions) {
      if (position === undefined) {
        foreign += 1;
        continue;
      }
      times[position] = (times[position] ?? 0) + 1;
      if (position < last) disordered += 1;
      last = position;
    }
    runs.push(...runsOf(positions).map(([first, last]) => `${first}-${last}`));
    if (complaints === '' && pictures.length > 0) valid += 1;
    else faults.push(`${key}: ${complaints === '' ? 'no pictures' : complaints}`);
  }
  const isLost = times.map((count, index) => count === 0 && index >= late && index < pushed);
  return {
    ...{ format, files: files.length, valid, foreign, disordered, late, runs, faults },
    lost: isLost.filter(Boolean).length,
    doubled: times.reduce((sum, count) => sum + Math.max(0, count - 1), 0),
    longestGapSeconds: longestRun(isLost) / FRAMES_PER_SECOND,
  };
};
