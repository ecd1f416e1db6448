import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ContainerError } from '../container.ts';
import { chunked, ffmpeg, MediaFolder, packets, packetTimes, testSource } from '../media.fixture.ts';
import { Cursor, unsigned } from './numbers.ts';
import { NutReader, SYNCPOINT } from './reader.ts';
import { NutWriter } from './writer.ts';

const folder = new MediaFolder();
let path: string;
let bytes: Buffer;

beforeAll(() => {
  const codecs = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-bf', '2', '-c:a', 'aac'];
  // Large pictures, which are longer than what syncpoints may be apart, and small ones.
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=r=25:s=640x360:d=3,noise=alls=60:enable=lt(t\\,1)'];
  path = folder.generate('nut', ...picture, ...testSource(3).slice(4), ...codecs);
  bytes = readFileSync(path);
}, 60_000);
afterAll(() => folder.remove());

const readAll = (size: number) => {
  const reader = new NutReader();
  const frames = [...chunked(bytes, size)].flatMap((chunk) => reader.push(chunk));
  return { head: reader.head, frames };
};

describe('NUT', { timeout: 60_000 }, () => {
  it.each([0, 1, 127, 128, 300, 16_384, 2 ** 40 + 5])('has %d as a number of any length', (value) => {
    const cursor = new Cursor(Buffer.from(unsigned(value)));
    expect(cursor.unsigned()).toBe(value);
    expect({ left: cursor.left, isShort: cursor.isShort }).toEqual({ left: 0, isShort: false });
  });

  it('is read as it comes, whatever the pieces, with the times that ffprobe sees', () => {
    const whole = readAll(bytes.length);
    expect(whole.head?.streams.map(({ kind }) => kind)).toEqual(['video', 'audio']);
    for (const [index, letter] of (['v', 'a'] as const).entries()) {
      const { timeBase } = whole.head?.streams[index] ?? { timeBase: { numerator: 0, denominator: 1 } };
      const times = whole.frames
        .filter(({ stream }) => stream === index)
        .map(({ pts }) => (pts * timeBase.numerator) / timeBase.denominator)
        .sort((one, other) => one - other);
      const expected = packetTimes(path, letter);
      expect(times).toHaveLength(expected.length);
      for (const [at, time] of times.entries())
        expect(Math.abs(time - (expected[at] ?? 0))).toBeLessThan(1e-5);
    }
    expect(readAll(7).frames).toEqual(whole.frames);
  });

  it('is understood by ffmpeg when it is written again', () => {
    const { head, frames } = readAll(10_000);
    if (head === undefined) throw new Error('There is no head');
    const writer = new NutWriter(head);
    const written = frames.flatMap((frame) => [writer.lead(frame), frame.data]);
    const again = folder.write('nut', Buffer.concat([writer.begin(), ...written]));
    expect(packets(again, 'v')).toEqual(packets(path, 'v'));
    expect(packets(again, 'a')).toEqual(packets(path, 'a'));
    expect(packetTimes(again, 'v')).toEqual(packetTimes(path, 'v'));
    expect(ffmpeg('-xerror', '-i', again, '-f', 'null', '-')).toHaveLength(0);
  });

  it('that is none, or damaged, is refused', () => {
    expect(() => new NutReader().push(Buffer.alloc(100, 'x'))).toThrow(ContainerError);
    const damaged = Buffer.from(bytes);
    // What says how long the next frame is.
    const at = damaged.lastIndexOf(SYNCPOINT);
    damaged.fill(0xff, at, at + 60);
    expect(() => new NutReader().push(damaged)).toThrow(ContainerError);
  });
});
