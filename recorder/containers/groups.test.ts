import { afterAll, describe, expect, it } from 'vitest';
import { Groups } from './groups.ts';
import { capture, chunked, MediaFolder, packets, probeFile, record, testSource } from './media.fixture.ts';

const folder = new MediaFolder();
afterAll(() => folder.remove());

/** Frames as `[bytes, isKey]`; a group begins at ten times its first frame's number. */
const groupsOf = (...frames: readonly (readonly [number, boolean])[]): Groups => {
  const groups = new Groups();
  for (const [index, [bytes, isKey]] of frames.entries()) groups.add(bytes, isKey ? index * 10 : undefined);
  return groups;
};

const group = (...frames: readonly number[]) => ({ position: 0, frames });

describe('The groups of pictures of a file', () => {
  it('know the last one', () => {
    expect(new Groups().last).toBeUndefined();
    expect(groupsOf([5, false], [6, false]).last).toBeUndefined();
    expect(groupsOf([9, true], [5, false], [8, true], [6, false], [7, false]).last).toEqual({
      position: 20,
      frames: [8, 6, 7],
    });
  });

  it('are found again where another file begins with all of the last one', () => {
    const repeated = groupsOf([8, true], [6, false], [7, false], [9, true]);
    expect(repeated.beginsWith(group(8, 6, 7))).toBe(true);
    expect(repeated.beginsWith(group(8, 6, 7, 9))).toBe(true);
    expect(repeated.beginsWith(group(8, 6, 5))).toBe(false);
    expect(repeated.beginsWith(group(9))).toBe(false);
  });

  it('do not say so before all of it has come, nor for longer that it has not', () => {
    expect(new Groups().beginsWith(group(8))).toBeUndefined();
    expect(groupsOf([8, true], [6, false]).beginsWith(group(8, 6, 7))).toBeUndefined();
    expect(groupsOf([8, true], [5, false]).beginsWith(group(8, 6, 7))).toBe(false);
  });

  it('are not remembered where they do not end', () => {
    const groups = groupsOf([9, true], ...Array.from({ length: 5000 }, () => [5, false] as const));
    expect(groups.last).toBeUndefined();
    groups.add(9, 77);
    expect(groups.last).toEqual({ position: 77, frames: [9] });
  });
});

describe.each(['mp4', 'flv'] as const)('A file in %s', (format) => {
  const x264 = '-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 50 -bf 2 -b_strategy 0'.split(' ');
  const source = folder.generate('mp4', ...testSource(7), ...x264, '-c:a', 'aac');
  const stream = capture(source, format);
  const [file] = record(format, chunked(stream, 10_000)).files;
  if (file === undefined) throw new Error('There is no file');
  const { head, media } = file;
  const whole = folder.write(format, file.finished);
  const { position = 0, frames = [] } = head.groups.last ?? {};

  it('can do without its last group of pictures', () => {
    expect([packets(whole, 'v').length, frames.length]).toEqual([175, 25]);
    head.dropLastGroup();
    const kept = head.namesMedia ? media : media.subarray(0, position);
    const path = folder.write(format, Buffer.concat([head.finalHead(kept.length), kept]));
    expect(packets(path, 'v')).toEqual(packets(whole, 'v').slice(0, 150));
    const sound = packets(path, 'a');
    expect(sound).toEqual(packets(whole, 'a').slice(0, sound.length));
    expect(Math.abs(sound.length * 1024 - 6 * 44_100)).toBeLessThan(0.15 * 44_100);
    expect(head.videoFrames()).toBe(150);
    expect(Math.abs(head.durationMs() - 6000)).toBeLessThan(150);
    expect(probeFile(path).duration).toBeCloseTo(head.durationMs() / 1000, 2);
  });

  it('has what another file of the same stream begins with', () => {
    const last = folder.generate('mp4', '-ss', '6', '-i', source, '-c', 'copy');
    const [next] = record(format, chunked(capture(last, format), 10_000)).files;
    expect(next?.head.groups.beginsWith({ position, frames })).toBe(true);
    expect(file.head.groups.beginsWith({ position, frames })).toBe(false);
  });
});
