import { afterAll, describe, expect, it } from 'vitest';
import { Groups } from './groups.ts';
import { capture, chunked, MediaFolder, packets, probeFile, record, testSource } from './media.fixture.ts';

const folder = new MediaFolder();
afterAll(() => folder.remove());

/** Frames as they come: pictures as their bytes, key frames as a string of them, sound below 0. */
const groupsOf = (...frames: readonly (number | string)[]): Groups => {
  const groups = new Groups();
  for (const [index, frame] of frames.entries()) {
    if (typeof frame === 'string') groups.addFrame(Number(frame), index * 10);
    else if (frame < 0) groups.addSound(-frame);
    else groups.addFrame(frame, undefined);
  }
  return groups;
};

const group = (frames: readonly number[], sound: readonly number[] = []) => ({ position: 0, frames, sound });

describe('The groups of pictures of a file', () => {
  it('know the last one, when it is not the only one', () => {
    expect(new Groups().last).toBeUndefined();
    expect(groupsOf(5, 6, -1).last).toBeUndefined();
    expect(groupsOf('9', -1, 5).last).toBeUndefined();
    expect(groupsOf('9', 5, -1, '8', 6, -2, 7, -3).last).toEqual({
      position: 30,
      frames: [8, 6, 7],
      sound: [2, 3],
    });
  });

  it('are found again where another file begins with all of the last one', () => {
    const repeated = groupsOf('8', 6, 7, '9');
    expect(repeated.beginsWith(group([8, 6, 7]))).toBe(true);
    expect(repeated.beginsWith(group([8, 6, 7, 9]))).toBe(true);
    expect(repeated.beginsWith(group([8, 6, 5]))).toBe(false);
    expect(repeated.beginsWith(group([9]))).toBe(false);
  });

  it('are found again only with their sound, before which other sound may come', () => {
    const last = group([8, 6], [1, 2, 3]);
    expect(groupsOf('8', 6, -1, -2, -3).beginsWith(last)).toBe(true);
    expect(groupsOf(-7, -7, '8', 6, -1, -2, -3).beginsWith(last)).toBe(true);
    // The first of it came before the key frame.
    expect(groupsOf('8', 6, -2, -3).beginsWith(last)).toBe(true);
    expect(groupsOf('8', 6, -1, -2).beginsWith(last)).toBeUndefined();
    expect(groupsOf('8', 6, -3, -3).beginsWith(last)).toBeUndefined();
    expect(groupsOf('8', 6, ...Array.from({ length: 11 }, () => -4)).beginsWith(last)).toBe(false);
  });

  it('are not told from one another when they look the same, as of still pictures', () => {
    expect(groupsOf('9', 5, 5, '9', 5).last).toBeUndefined();
    expect(groupsOf('9', 5, 5, '9', 5, 6).last).toMatchObject({ frames: [9, 5, 6] });
    expect(groupsOf('9', 5, '9', 5, 5).last).toBeUndefined();
    expect(groupsOf('9', 5, '8', 5, '9', 5).last).toBeUndefined();
  });

  it('do not say so before all of it has come, nor for longer that it has not', () => {
    expect(new Groups().beginsWith(group([8]))).toBeUndefined();
    expect(groupsOf('8', 6).beginsWith(group([8, 6, 7]))).toBeUndefined();
    expect(groupsOf('8', 5).beginsWith(group([8, 6, 7]))).toBe(false);
  });

  it('are not remembered where they do not end', () => {
    const groups = groupsOf('9', '8', ...Array.from({ length: 5000 }, () => 5));
    expect(groups.last).toBeUndefined();
    groups.addFrame(9, 77);
    groups.addFrame(7, 88);
    expect(groups.last).toEqual({ position: 88, frames: [7], sound: [] });
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
  const { last = group([]) } = head.groups;
  const { position, frames } = last;

  it('can do without its last group of pictures', () => {
    expect([packets(whole, 'v').length, frames.length]).toEqual([175, 25]);
    expect(last.sound.length).toBeGreaterThan(30);
    head.dropLastGroup();
    const kept = head.ignoresUnnamedMedia ? media : media.subarray(0, position);
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
    const again = folder.generate('mp4', '-ss', '6', '-i', source, '-c', 'copy');
    const [next] = record(format, chunked(capture(again, format), 10_000)).files;
    expect(next?.head.groups.beginsWith(last)).toBe(true);
    expect(file.head.groups.beginsWith(last)).toBe(false);
  });
});
