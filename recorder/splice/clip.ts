import type { NutFrame, NutHead } from '../containers/nut/reader.ts';

/** Standby content as a recording has it: encoded once, with the same settings, and repeated as often as it takes. */
export interface Clip {
  readonly head: NutHead;
  /** In the order in which they are decoded; the first one is a key frame. */
  readonly frames: readonly NutFrame[];
}

/** A number of frames, in the order of decoding, behind which a picture can end; and how long they are shown. */
export interface CutPoint {
  readonly frames: number;
  readonly seconds: number;
}

/**
 * Where a picture can be cut: where nothing is shown later than what is left out. Pure.
 * @param times when each frame is shown, in seconds, in the order of decoding
 */
export const cutPointsOf = (times: readonly number[], frameSeconds: number): CutPoint[] => {
  const shown = times.toSorted((one, other) => one - other);
  const first = shown[0] ?? 0;
  let latest = Number.NEGATIVE_INFINITY;
  return times.flatMap((time, index) => {
    latest = Math.max(latest, time);
    if (latest !== shown[index]) return [];
    return [{ frames: index + 1, seconds: latest - first + frameSeconds }];
  });
};
