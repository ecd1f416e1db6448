import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GREATEST_PART_BYTES, LEAST_PART_BYTES, MOST_PARTS, nextPartBytes } from './part-size.ts';

const MIB = 1024 * 1024;
const ONE_HUNDRED_MEGABITS = 12_500_000;

/** Uploads a whole file part by part, its bitrate changing as told; the number of the last part. */
const lastPart = (maxSeconds: number, bitrates: readonly number[]): number => {
  const span = maxSeconds / bitrates.length;
  let [seconds, bytes, parts] = [0, 0, 1];
  while (seconds < maxSeconds) {
    const rate = bitrates[Math.min(bitrates.length - 1, Math.floor(seconds / span))] ?? 0;
    parts += 1;
    const size = nextPartBytes({
      partNumber: parts,
      bytesPerSecond: bytes / Math.max(1, seconds),
      bytesSoFar: bytes,
      remainingSeconds: maxSeconds - seconds,
    });
    bytes += size;
    seconds += size / rate;
  }
  return parts;
};

describe('The size of the next part', () => {
  it('is the least that S3 allows while that suffices', () => {
    const fourMegabits = 500_000;
    const next = { partNumber: 2, bytesPerSecond: fourMegabits, bytesSoFar: MIB, remainingSeconds: 3 * 3600 };
    expect(nextPartBytes(next)).toBe(5 * MIB);
  });

  it.each([
    ['the bitrate is high', { partNumber: 2, bytesPerSecond: 10 * MIB, bytesSoFar: MIB }],
    ['few parts are left', { partNumber: 9000, bytesPerSecond: MIB, bytesSoFar: MIB }],
    ['much has come already', { partNumber: 2, bytesPerSecond: 0, bytesSoFar: 20_000 * MIB }],
  ])('grows where %s', (_, next) => {
    expect(nextPartBytes({ ...next, remainingSeconds: 12 * 3600 })).toBeGreaterThan(5 * MIB);
  });

  it('is within what S3 allows, whatever it is told', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 20_000 }),
        fc.double({ min: 0, max: 1e12, noNaN: true }),
        fc.double({ min: 0, max: 1e15, noNaN: true }),
        fc.double({ min: -1e6, max: 1e9, noNaN: true }),
        (partNumber, bytesPerSecond, bytesSoFar, remainingSeconds) => {
          const size = nextPartBytes({ partNumber, bytesPerSecond, bytesSoFar, remainingSeconds });
          expect(Number.isInteger(size)).toBe(true);
          expect(size).toBeGreaterThanOrEqual(LEAST_PART_BYTES);
          expect(size).toBeLessThanOrEqual(GREATEST_PART_BYTES);
        },
      ),
    );
  });

  it('lets 10,000 parts suffice for the longest file, also when the bitrate changes', () => {
    const bytesPerSecond = fc.integer({ min: 10_000, max: ONE_HUNDRED_MEGABITS });
    fc.assert(
      fc.property(
        fc.integer({ min: 60, max: 720 * 60 }),
        fc.array(bytesPerSecond, { minLength: 1, maxLength: 6 }),
        (maxSeconds, bitrates) => {
          expect(lastPart(maxSeconds, bitrates)).toBeLessThanOrEqual(MOST_PARTS);
        },
      ),
      { numRuns: 200 },
    );
  });
});
