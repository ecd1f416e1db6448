import { describe, expect, it } from 'vitest';
import { isTimeJump } from './time-jump.ts';

const jumps = (fromMs: number, toMs: number, sinceLastMs: number, sinceOpenedMs: number): boolean =>
  isTimeJump({ fromMs, toMs }, { sinceLastMs, sinceOpenedMs });

describe('A jump of the time stamps', () => {
  it('is one that real time does not explain', () => {
    expect(jumps(4000, 9000, 40, 5000)).toBe(true);
    expect(jumps(4000, 3_604_000, 40, 5000)).toBe(true);
  });

  it('is none when the stream has paused for as long', () => {
    expect(jumps(4000, 11_000, 7000, 11_500)).toBe(false);
  });

  it('is none between the few frames that had waited for the capture to begin', () => {
    expect(jumps(0, 3000, 0, 5000)).toBe(false);
  });

  it('is none when it is small', () => {
    expect(jumps(4000, 4900, 40, 4000)).toBe(false);
  });
});
