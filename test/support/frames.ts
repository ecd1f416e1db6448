import { expect } from 'vitest';
import { FRAMES_PER_SECOND, KEY_FRAME_SECONDS } from './media.ts';

const firstDifference = (one: readonly string[], other: readonly string[]): number | undefined => {
  const length = Math.max(one.length, other.length);
  for (let index = 0; index < length; index += 1) if (one[index] !== other[index]) return index;
  return undefined;
};

/** That `recorded` is the end of `source`, whole and in order. @returns how much of the beginning is not in it */
export const expectEndOf = (source: readonly string[], recorded: readonly string[]): number => {
  const missing = source.length - recorded.length;
  expect(missing, 'there are as many as in the source at most').toBeGreaterThanOrEqual(0);
  expect(
    firstDifference(recorded, source.slice(missing)),
    'the first that is not as in the source',
  ).toBeUndefined();
  return missing;
};

/** As `expectEndOf`, of a recording that begins at a key frame, at most `seconds` into the source. */
export const expectFrames = (
  source: readonly string[],
  recorded: readonly string[],
  seconds: number,
): void => {
  const missing = expectEndOf(source, recorded);
  expect(missing % (FRAMES_PER_SECOND * KEY_FRAME_SECONDS), 'it begins at a key frame').toBe(0);
  expect(missing / FRAMES_PER_SECOND).toBeLessThanOrEqual(seconds);
};

/** That `recorded` is a part of `source`, whole and in order. @returns where in `source` it begins */
export const expectPartOf = (source: readonly string[], recorded: readonly string[]): number => {
  const start = source.indexOf(recorded[0] ?? '');
  expect(start, 'it begins within the source').toBeGreaterThanOrEqual(0);
  expect(
    firstDifference(recorded, source.slice(start, start + recorded.length)),
    'the first that is not as in the source',
  ).toBeUndefined();
  return start;
};
