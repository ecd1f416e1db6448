import { describe, expect, it } from 'vitest';
import { createPace } from './pace.ts';

/** The first second at which an encoder counts as slow whose lag is this; undefined: never. */
const slowAt = (lagOf: (second: number) => number): number | undefined => {
  const pace = createPace();
  for (let second = 0; second < 60; second += 1)
    if (pace.isBehind(second * 1000, lagOf(second) * 1000)) return second;
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
});
