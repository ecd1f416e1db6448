import { describe, expect, it } from 'vitest';
import { START } from '../recorder.fixture.ts';
import { LiveClock } from './live-clock.ts';

/** @returns when zero was, in seconds since the capture began */
const zeroOf = (...arrivals: readonly { at: number; seconds: number }[]): number => {
  let now = 50_000;
  const clock = new LiveClock({ startedAt: () => START, monotonicNow: () => now });
  for (const { at, seconds } of arrivals) {
    now = 50_000 + at * 1000;
    clock.came(seconds);
  }
  return (clock.zero().getTime() - START.getTime()) / 1000;
};

describe('The time at which media were live', () => {
  it('is when they came', () => {
    expect(zeroOf({ at: 0.5, seconds: 0 }, { at: 0.7, seconds: 0.2 })).toBe(0.5);
  });

  it('is before the capture for what the ingest server had kept for it', () => {
    expect(zeroOf({ at: 0.3, seconds: 0 }, { at: 0.3, seconds: 1.8 }, { at: 0.5, seconds: 2 })).toBe(-1.5);
  });

  it('is that of those which were held up least', () => {
    const arrivals = [1, 0.9, 0.2, 1.4].map((late, seconds) => ({ at: seconds + late, seconds }));
    expect(zeroOf(...arrivals)).toBeCloseTo(0.2);
  });

  it('does not change any more once it has been told', () => {
    let now = 0;
    const clock = new LiveClock({ startedAt: () => START, monotonicNow: () => now });
    now = 400;
    clock.came(0);
    const told = clock.zero();
    clock.came(0.3);
    expect(clock.zero()).toEqual(told);
  });

  it('is that of the capture when nothing has come', () => {
    expect(zeroOf()).toBe(0);
  });
});
