import { describe, expect, it } from 'vitest';
import { createHangWatch, createPace } from './pace.ts';

/** The first second at which an encoder counts as slow whose lag is this; undefined: never. */
const slowAt = (
  lagOf: (second: number) => number,
  isHeldUp: (second: number) => boolean = () => false,
): number | undefined => {
  const pace = createPace();
  for (let second = 0; second < 60; second += 1)
    if (pace.isBehind(second * 1000, lagOf(second) * 1000, isHeldUp(second))) return second;
  return undefined;
};

describe('An encoder', () => {
  it('is behind when it falls further and further back', () => {
    expect(slowAt((second) => second / 4)).toBe(20);
  });

  it('is not when it catches up with what came at once, or has little to catch up with', () => {
    expect(slowAt((second) => Math.max(0, 12 - second / 2))).toBeUndefined();
    expect(slowAt(() => 4)).toBeUndefined();
  });

  it('is when it never catches up', () => {
    expect(slowAt(() => 6)).toBe(5);
  });

  it('is not while nobody takes what it makes, nor as long as it catches up afterwards', () => {
    const lagOf = (second: number) => (second < 30 ? second : 60 - second);
    expect(slowAt(lagOf, (second) => second < 30)).toBeUndefined();
    expect(
      slowAt(
        () => 20,
        (second) => second < 30,
      ),
    ).toBe(35);
  });
});

/** The first second at which an encoder counts as hanging; undefined: never. */
const hangsAt = (look: (second: number) => { reports: number; isBusy: boolean }): number | undefined => {
  const watch = createHangWatch();
  for (let second = 100; second < 200; second += 1) {
    const { reports, isBusy } = look(second);
    if (watch.hangs(second * 1000, reports, isBusy)) return second;
  }
  return undefined;
};

describe('An encoder that has not gone', () => {
  it('hangs when it says nothing for half a minute, with something to do', () => {
    expect(hangsAt((second) => ({ reports: Math.min(second, 120), isBusy: true }))).toBe(151);
  });

  it('does not as long as it says something, or has nothing to do', () => {
    expect(hangsAt((second) => ({ reports: Math.floor(second / 20), isBusy: true }))).toBeUndefined();
    expect(hangsAt(() => ({ reports: 0, isBusy: false }))).toBeUndefined();
  });

  it('is given its time anew by a machine that has slept', () => {
    const watch = createHangWatch();
    expect(watch.hangs(1000, 1, true)).toBe(false);
    expect(watch.hangs(3_600_000, 1, true)).toBe(false);
  });
});
