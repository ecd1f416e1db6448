import { describe, expect, it } from 'vitest';
import type { NutStream } from '../containers/nut/head.ts';
import type { NutFrame, NutHead } from '../containers/nut/reader.ts';
import { cutPointsOf } from './clip.ts';
import { Joiner } from './joiner.ts';

const streamOf = (id: number, kind: 'video' | 'audio', ticks: number): NutStream => ({
  ...{ id, kind, base: id, shortPtsBits: 7, settings: Buffer.alloc(0) },
  timeBase: { numerator: 1, denominator: ticks },
  sampleRate: kind === 'audio' ? ticks : undefined,
});
const STREAMS = [streamOf(0, 'video', 1000), streamOf(1, 'audio', 48_000)];
const HEAD: NutHead = {
  main: { timeBases: [], codes: [], elided: [] },
  streams: STREAMS,
  bytes: Buffer.alloc(0),
};

const picture = (pts: number, key = false): NutFrame => ({ stream: 0, pts, key, data: Buffer.from('p') });
const sound = (pts: number): NutFrame => ({ stream: 1, pts, key: true, data: Buffer.from('s') });
const STILL = [picture(80, true), picture(200), picture(120), picture(160)];
const CLIP = { head: HEAD, frames: [...STILL, ...[2816, 3840, 4864, 5888, 6912].map(sound)] };

const take = (joiner: Joiner, frames: readonly NutFrame[]) =>
  frames.map((frame) => {
    if (joiner.begins(frame)) joiner.place(frame);
    return joiner.take(frame)?.pts;
  });

describe('Stretches behind one another', () => {
  it('go on where the one before has ended, each with its sound where it was', () => {
    const joiner = new Joiner(HEAD, 0.04);
    expect(take(joiner, [picture(0, true), picture(40), sound(0), sound(1024)])).toEqual([0, 40, 0, 1024]);
    joiner.begin();
    // 0.5 s into its own time; the sound comes 24 ms after the picture.
    expect(take(joiner, [picture(500, true), sound(25_152), picture(540)])).toEqual([80, 4992, 120]);
  });

  it('begin with a key frame, and with nothing that was to be heard before it', () => {
    const joiner = new Joiner(HEAD, 0.04);
    take(joiner, [picture(0, true)]);
    joiner.begin();
    const came = take(joiner, [picture(0), sound(0), picture(40, true), sound(1024), sound(2048)]);
    expect(came).toEqual([undefined, undefined, 40, undefined, 2048]);
  });

  it('leave no sound over that of the one before, which lasts longer than its picture', () => {
    const joiner = new Joiner(HEAD, 0.04);
    take(joiner, [picture(0, true), sound(0), sound(1024), sound(2048)]);
    joiner.begin();
    const came = take(joiner, [picture(0, true), sound(0), sound(1024), sound(2048)]);
    // The picture is over after 40 ms, the sound after 64.
    expect(came).toEqual([40, undefined, 2944, 3968]);
  });

  it('go on behind the sound of the one before, where that went on without its picture', () => {
    const joiner = new Joiner(HEAD, 0.04);
    const sounds = Array.from({ length: 469 }, (_, at) => sound(at * 1024));
    take(joiner, [picture(0, true), ...sounds]);
    joiner.begin();
    const came = take(joiner, [picture(500, true), sound(24_000), sound(25_024)]);
    // The picture is over after 40 ms, the sound after 10.005 s.
    expect(came).toEqual([10_005, 480_256, 481_280]);
  });
});

describe('A gap between stretches', () => {
  const fill = (seconds: number) => {
    const joiner = new Joiner(HEAD, 0.04);
    take(joiner, [picture(0, true), sound(0), sound(1024)]);
    return { joiner, frames: [...joiner.fill(CLIP, seconds)] };
  };

  it('is filled with the clip, again and again, without a gap in the picture or in the sound', () => {
    const { frames, joiner } = fill(2.08);
    const pictures = frames.filter(({ stream }) => stream === 0).map(({ pts }) => pts);
    expect(pictures.toSorted((one, other) => one - other)).toEqual(
      Array.from({ length: 52 }, (_, at) => (at + 1) * 40),
    );
    expect(pictures.slice(0, 6)).toEqual([40, 160, 80, 120, 200, 320]);
    const sounds = frames.filter(({ stream }) => stream === 1).map(({ pts }) => pts);
    expect(sounds).toEqual(Array.from({ length: sounds.length }, (_, at) => (at + 2) * 1024));
    expect(joiner.seconds).toBeCloseTo(2.12);
    expect(Math.abs((sounds.at(-1) ?? 0) / 48_000 - 2.12)).toBeLessThan(0.05);
  });

  it('is filled from where the sound is over, when that went on without its picture', () => {
    const joiner = new Joiner(HEAD, 0.04);
    take(joiner, [picture(0, true), ...Array.from({ length: 94 }, (_, at) => sound(at * 1024))]);
    const frames = [...joiner.fill(CLIP, 2)];
    const timesOf = (id: number) => frames.filter(({ stream }) => stream === id).map(({ pts }) => pts);
    expect({ first: timesOf(0)[0], count: timesOf(0).length }).toEqual({ first: 2005, count: 49 });
    expect(timesOf(1)).toEqual(Array.from({ length: 91 }, (_, at) => (at + 94) * 1024));
  });

  it('is left alone when it is hardly one', () => {
    expect(fill(0.9).frames).toEqual([]);
  });

  it('ends only where nothing is shown later than what is left out', () => {
    // Three frames more would lack the one that is shown between them.
    expect(cutPointsOf([0, 0.12, 0.04, 0.08], 0.04)).toEqual([
      { frames: 1, seconds: 0.04 },
      { frames: 4, seconds: 0.16 },
    ]);
    const { frames } = fill(1.1);
    expect(frames.filter(({ stream }) => stream === 0)).toHaveLength(25);
  });

  it('of a recording without a picture is filled with sound alone', () => {
    const [, audio] = STREAMS;
    if (audio === undefined) throw new Error('There is no sound');
    const joiner = new Joiner({ streams: [{ ...audio, id: 1 }] }, 0.04);
    expect(joiner.take(sound(0))?.pts).toBe(0);
    const frames = [...joiner.fill({ head: HEAD, frames: [sound(0), sound(1024)] }, 1)];
    expect(frames).toHaveLength(46);
    joiner.begin();
    expect(take(joiner, [sound(5000)])).toEqual([47 * 1024]);
  });
});
