import { describe, expect, it } from 'vitest';
import { bestVariant, segmentsAfter, sessionSegments } from './choose.ts';
import { PlaylistError, type Segment } from './playlist.ts';

/** Segments of 4 s from number `from` on; those of `breaks` do not go on where the one before ended. */
const segmentsOf = (from: number, count: number, breaks: readonly number[] = []): Segment[] =>
  Array.from({ length: count }, (_, index) => ({
    sequence: from + index,
    seconds: 4,
    discontinuity: breaks.includes(from + index),
    url: new URL(`https://cdn.example.com/${from + index}.ts`),
  }));
const numbers = (segments: readonly Segment[]) => segments.map(({ sequence }) => sequence);

describe('The variant to record', () => {
  it('is the best one', () => {
    const [low, high] = [100, 900].map((bandwidth) => ({ bandwidth, url: new URL('https://x/') }));
    expect(bestVariant([low, high].flatMap((variant) => variant ?? []))).toBe(high);
    expect(() => bestVariant([])).toThrow(PlaylistError);
  });
});

describe('The first segments to record', () => {
  const segments = segmentsOf(10, 6);

  it.each([
    [0, [13, 14, 15]],
    [2, [13, 14, 15]],
    [5, [12, 13, 14, 15]],
    [1000, [10, 11, 12, 13, 14, 15]],
  ])('are those since shortly before the session began, %d s ago', (age, expected) => {
    expect(numbers(sessionSegments(segments, age))).toEqual(expected);
  });

  it('are the last three when the session began who knows when', () => {
    expect(numbers(sessionSegments(segments, undefined))).toEqual([13, 14, 15]);
    expect(numbers(sessionSegments(segments.slice(0, 2), undefined))).toEqual([10, 11]);
  });

  it('are never those of the session before', () => {
    const restarted = segmentsOf(10, 6, [12, 14]);
    expect(numbers(sessionSegments(restarted, 1000))).toEqual([14, 15]);
    expect(numbers(sessionSegments(restarted, undefined))).toEqual([14, 15]);
  });

  it('are none when there are none', () => {
    expect(sessionSegments([], 10)).toEqual([]);
  });
});

describe('The next segments to record', () => {
  const seen = new Set(segmentsOf(10, 6).map(({ url }) => url.pathname));
  const next = (segments: readonly Segment[]) => numbers(segmentsAfter(segments, 15, seen));

  it('are those after the last one', () => {
    expect(next(segmentsOf(13, 5))).toEqual([16, 17]);
    expect(next(segmentsOf(10, 6))).toEqual([]);
    expect(next(segmentsOf(20, 2))).toEqual([20, 21]);
    expect(next([])).toEqual([]);
  });

  it('are none of an older playlist, as caches may show it', () => {
    expect(next(segmentsOf(9, 5))).toEqual([]);
  });

  it('are all when the server counts anew', () => {
    expect(next(segmentsOf(0, 2))).toEqual([0, 1]);
  });
});
