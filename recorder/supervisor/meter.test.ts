import { describe, expect, it } from 'vitest';
import { createMeter, secondsIn } from './meter.ts';

const gaugeOf = (state: { bytes: number; seconds: number; keyFrameAt?: number }) => ({
  receivedBytes: () => state.bytes,
  recordedSeconds: () => state.seconds,
  lastKeyFrameAt: () => state.keyFrameAt,
});

describe('The meter of a recording', () => {
  it('says nothing has come before the first capture', () => {
    expect(createMeter().read(0)).toEqual({
      receivedBytes: 0,
      durationSeconds: 0,
      bitsPerSecond: 0,
      location: 'primary',
    });
  });

  it('shows the bitrate of the last ten seconds, not of all time', () => {
    const meter = createMeter();
    const state = { bytes: 0, seconds: 0 };
    meter.capture(gaugeOf(state), 0);
    const rates = [0, 1000, 1000, 1000, 5000, 5000, 5000, 0, 0, 0, 0].map((kilobytes, beat) => {
      state.bytes += kilobytes * 1000;
      return meter.read(beat * 4000).bitsPerSecond;
    });
    // Each beat of 4 s brings 2 Mb/s, then 10 Mb/s, then nothing; three beats are the window.
    expect(rates.slice(0, 4)).toEqual([0, 2_000_000, 2_000_000, 2_000_000]);
    expect(rates[6]).toBe(10_000_000);
    expect(rates[10]).toBe(0);
  });

  it('shows a bitrate at the first look already', () => {
    const meter = createMeter();
    const state = { bytes: 1_000_000, seconds: 0 };
    meter.capture(gaugeOf(state), 1000);
    state.bytes += 500_000;
    expect(meter.read(3000).bitsPerSecond).toBe(2_000_000);
  });

  it('adds up what its captures bring, to what was recorded before', () => {
    const meter = createMeter();
    meter.begin(100);
    meter.capture(gaugeOf({ bytes: 10, seconds: 1.5, keyFrameAt: 0 }), 0);
    meter.capture(gaugeOf({ bytes: 5, seconds: 2.0004, keyFrameAt: Date.UTC(2026, 10, 22) }), 0);
    expect(meter.read(1)).toMatchObject({
      receivedBytes: 15,
      durationSeconds: 103.5,
      lastKeyFrameAt: '2026-11-22T00:00:00.000Z',
    });
  });
});

describe('The seconds in files', () => {
  it('are those of the format that has most, for all of them hold the same', () => {
    const files = [
      { format: 'mp4', durationSeconds: 10 },
      { format: 'mp4', durationSeconds: 11 },
      { format: 'hls', durationSeconds: 20 },
    ];
    expect(secondsIn(files)).toBe(21);
    expect(secondsIn([])).toBe(0);
  });
});
