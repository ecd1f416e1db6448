import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cut, SegmentCutter } from './segment-cutter.ts';

const FRAME = 0.04;

/** Frames of one byte, each with its number; `K` begins a group. */
const open = (segmentSeconds: number) => {
  const cutter = new SegmentCutter(segmentSeconds);
  let frames = 0;
  const add = (key: boolean) => {
    cutter.begin({ seconds: frames * FRAME, key, leads: true });
    cutter.append(Buffer.from([frames]));
    frames += 1;
  };
  const whole = () => {
    const cuts: Cut[] = [];
    for (let cut = cutter.whole(); cut !== undefined; cut = cutter.whole()) cuts.push(cut);
    return cuts;
  };
  return { cutter, add, whole };
};

const numbers = ({ media }: Cut): number[] => [...Buffer.concat(media.buffers)];

const keysArbitrary = fc.array(fc.boolean(), { minLength: 1, maxLength: 200 });

describe('A cutter of segments', () => {
  it('cuts at the first key frame behind the length of a segment, and loses and doubles nothing', () => {
    fc.assert(
      fc.property(keysArbitrary, fc.integer({ min: 1, max: 50 }), fc.boolean(), (keys, length, held) => {
        const segmentSeconds = length * FRAME;
        const { cutter, add, whole } = open(segmentSeconds);
        const cuts: Cut[] = [];
        for (const key of keys) {
          add(key);
          // Held back, everything is cut at the end; that must make no difference.
          if (!held) cuts.push(...whole());
        }
        cutter.endHere(FRAME);
        cuts.push(...whole());
        const rest = cutter.rest();
        if (rest !== undefined) cuts.push(rest);
        const first = keys.indexOf(true);
        const expected = first < 0 ? [] : Array.from(keys.keys()).slice(first);
        expect(cuts.flatMap(numbers)).toEqual(expected);
        for (const [index, cut] of cuts.entries()) {
          const [begin = 0, ...others] = numbers(cut);
          expect(keys[begin]).toBe(true);
          expect(cut.beginSeconds).toBeCloseTo(begin * FRAME);
          expect(cut.endSeconds - cut.beginSeconds).toBeCloseTo((others.length + 1) * FRAME);
          const late = others.filter((frame) => keys[frame] === true && frame - begin >= length);
          expect(late).toEqual([]);
          if (index < cuts.length - 1) expect(others.length + 1).toBeGreaterThanOrEqual(length);
        }
      }),
    );
  });

  it('does not wait for a key frame for ever, nor fills the memory meanwhile', () => {
    const { add, whole } = open(2);
    add(true);
    const cuts: Cut[] = [];
    for (let frame = 1; frame < 4000; frame += 1) {
      add(false);
      cuts.push(...whole());
    }
    expect(cuts.map(({ beginSeconds, endSeconds }) => [beginSeconds, endSeconds])).toEqual([
      [0, 62],
      [62, 124],
    ]);
    const large = new SegmentCutter(2);
    large.begin({ seconds: 0, key: true, leads: true });
    large.append(Buffer.alloc(64 * 1024 * 1024));
    large.begin({ seconds: FRAME, key: false, leads: true });
    expect(large.whole()).toBeUndefined();
    large.append(Buffer.alloc(1));
    large.begin({ seconds: 3, key: false, leads: true });
    expect(large.whole()).toMatchObject({ beginSeconds: 0, endSeconds: 3 });
    expect(large.length).toBe(0);
  });

  it('ends before the frame that has begun last, and after the time of the one before', () => {
    const { cutter, add } = open(10);
    for (const key of [true, false, false]) add(key);
    cutter.endBeforeUnit(FRAME);
    const rest = cutter.rest() as Cut;
    expect(numbers(rest)).toEqual([0, 1]);
    expect(rest.endSeconds).toBeCloseTo(2 * FRAME);
    expect(cutter.rest()).toBeUndefined();
  });

  it('takes nothing in any more once it has ended', () => {
    const { cutter, add, whole } = open(FRAME);
    add(true);
    cutter.endHere(FRAME);
    add(true);
    expect(whole()).toEqual([]);
    expect(numbers(cutter.rest() as Cut)).toEqual([0]);
  });

  it('ends earlier than it has ended already when it is told to', () => {
    const { cutter, add, whole } = open(10);
    for (const key of [true, false, true, false]) add(key);
    cutter.endHere(FRAME);
    cutter.endBefore(cutter.keys[1] as (typeof cutter.keys)[number]);
    expect(whole()).toEqual([]);
    const rest = cutter.rest() as Cut;
    expect(numbers(rest)).toEqual([0, 1]);
    expect(rest.endSeconds).toBeCloseTo(2 * FRAME);
  });

  it('begins with the key frame before which all is thrown away', () => {
    const { cutter, add, whole } = open(2 * FRAME);
    for (const key of [true, false, true, true, false, true]) add(key);
    cutter.dropBefore(cutter.keys[2] as (typeof cutter.keys)[number]);
    expect(cutter.length).toBe(3);
    expect(whole().map(numbers)).toEqual([[3, 4]]);
    cutter.endHere(FRAME);
    expect(numbers(cutter.rest() as Cut)).toEqual([5]);
  });
});
