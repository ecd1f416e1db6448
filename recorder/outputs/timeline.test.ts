import { describe, expect, it } from 'vitest';
import { TICKS_PER_SECOND } from '../containers/ts/pes.ts';
import { Timeline } from './timeline.ts';

const FRAME = 0.04;

const open = () => {
  const jumps: [number, number][] = [];
  let now = 0;
  const timeline = new Timeline({
    monotonicNow: () => now,
    onTimeJump: (from, to) => void jumps.push([Number(from.toFixed(3)), Number(to.toFixed(3))]),
  });
  const show = (seconds: number, more: { leads?: boolean; delay?: number } = {}) => {
    const { leads = true, delay = 0 } = more;
    const dts = Math.round(seconds * TICKS_PER_SECOND);
    const track = { pid: 256, kind: 'video', codec: 'h264' } as const;
    const pts = dts + Math.round(delay * TICKS_PER_SECOND);
    return timeline.secondsOf({ type: 'unit', track, key: false, leads, pts, dts });
  };
  /** Frames of real time, from `from` on. @returns when the last is shown */
  const play = (from: number, count: number): number => {
    let last = 0;
    for (let index = 0; index < count; index += 1) {
      last = show(from + index * FRAME);
      now += FRAME * 1000;
    }
    return last;
  };
  const pass = (seconds: number) => {
    now += seconds * 1000;
  };
  return { timeline, jumps, show, play, pass };
};

describe('A timeline', () => {
  it('begins with the first time stamp of any stream', () => {
    const { show } = open();
    expect(show(100, { leads: false })).toBe(0);
    expect(show(100.5, { delay: 0.08 })).toBeCloseTo(0.58);
  });

  it('knows how long a frame lasts', () => {
    const { timeline, play } = open();
    play(7, 10);
    expect(timeline.frameSeconds).toBeCloseTo(FRAME);
  });

  it('tells of time stamps that go back, once, and goes on', () => {
    const { jumps, play } = open();
    play(50, 100);
    expect(play(10, 100)).toBeCloseTo(199 * FRAME);
    expect(jumps).toEqual([[3.96, -40]]);
  });

  it('tells of time stamps that go further ahead than the time that has passed, once', () => {
    const { jumps, play } = open();
    play(0, 100);
    expect(play(3600, 100)).toBeCloseTo(199 * FRAME);
    expect(jumps).toEqual([[3.96, 3600]]);
  });

  it('takes neither a burst nor a silence for a jump', () => {
    const { jumps, show, pass } = open();
    for (let seconds = 0; seconds < 30; seconds += 1) show(seconds);
    pass(60);
    expect(show(90)).toBeCloseTo(90);
    expect(show(99.9)).toBeCloseTo(99.9);
    expect(jumps).toEqual([]);
  });

  it('tells once of time stamps that ffmpeg has kept from going back', () => {
    const { jumps, play, show } = open();
    play(0, 100);
    for (let index = 1; index <= 200; index += 1) show(3.96 + index * 0.001);
    expect(jumps).toHaveLength(1);
  });

  it('takes no frames that come with one time stamp for that', () => {
    const { jumps, play, show } = open();
    for (let round = 0; round < 30; round += 1) {
      play(round * 4, 50);
      for (let index = 1; index <= 10; index += 1) show(round * 4 + 49 * FRAME + index * 0.001);
    }
    expect(jumps).toEqual([]);
  });
});
