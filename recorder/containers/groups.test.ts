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
    else if (frame < 0) groups.addSound({ position: index * 10, bytes: -frame });
    else groups.addFrame(frame, undefined);
  }
  return groups;
};

const group = (frames: readonly number[], sound: readonly number[] = []) => ({
  position: 0,
  frames,
  sound: sound.map((bytes) => ({ position: 0, bytes })),
});
const again = (soundAlone = 0) => ({ soundAlone });

describe('The groups of pictures of a file', () => {
  it('know the last one, when it is not the only one', () => {
    expect(new Groups().last).toBeUndefined();
    expect(groupsOf(5, 6, -1).last).toBeUndefined();
    expect(groupsOf('9', -1, 5).last).toBeUndefined();
    expect(groupsOf('9', 5, -1, '8', 6, -2, 7, -3).last).toEqual({
      position: 30,
      frames: [8, 6, 7],
      sound: [
        { position: 50, bytes: 2 },
        { position: 70, bytes: 3 },
      ],
    });
  });

  it('are found again where another file begins with all of the last one', () => {
    const repeated = groupsOf('8', 6, 7, '9');
    expect(repeated.repetitionOf(group([8, 6, 7]))).toEqual(again());
    expect(repeated.repetitionOf(group([8, 6, 7, 9]))).toEqual(again());
    expect(repeated.repetitionOf(group([8, 6, 5]))).toBe(false);
    expect(repeated.repetitionOf(group([9]))).toBe(false);
  });

  it('are found again only with their sound, but for that at the beginning', () => {
    const last = group([8, 6], [1, 2, 3, 1, 2, 3, 1, 2, 3, 4]);
    const sound = [-1, -2, -3, -1, -2, -3, -1, -2, -3, -4];
    expect(groupsOf('8', 6, ...sound).repetitionOf(last)).toEqual(again());
    expect(groupsOf(-7, -7, '8', 6, ...sound).repetitionOf(last)).toEqual(again());
    expect(groupsOf('8', 6, ...sound.slice(2)).repetitionOf(last)).toEqual(again(2));
    expect(groupsOf('8', 6, ...sound.slice(0, 9)).repetitionOf(last)).toBeUndefined();
    expect(groupsOf('8', 6, ...Array.from({ length: 18 }, () => -5)).repetitionOf(last)).toBe(false);
    expect(groupsOf('8', 6).repetitionOf(group([8, 6], [1, 2]))).toEqual(again(2));
  });

  it('are not told from one another when they look the same, as of still pictures', () => {
    expect(groupsOf('9', 5, 5, '9', 5).last).toBeUndefined();
    expect(groupsOf('9', 5, 5, '9', 5, 6).last).toMatchObject({ frames: [9, 5, 6] });
    expect(groupsOf('9', 5, '9', 5, 5).last).toBeUndefined();
    expect(groupsOf('9', 5, '8', 5, '9', 5).last).toBeUndefined();
  });

  it('do not say so before all of it has come, nor for longer that it has not', () => {
    expect(new Groups().repetitionOf(group([8]))).toBeUndefined();
    expect(groupsOf('8', 6).repetitionOf(group([8, 6, 7]))).toBeUndefined();
    expect(groupsOf('8', 5).repetitionOf(group([8, 6, 7]))).toBe(false);
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
  const recorded = () => {
    const [file] = record(format, chunked(stream, 10_000)).files;
    if (file === undefined) throw new Error('There is no file');
    return { ...file, last: file.head.groups.last ?? group([]) };
  };

  it.each([0, 3])(
    'can do without its last group of pictures, but for %s frames of its sound',
    (soundAlone) => {
      const { head, media, last, finished } = recorded();
      const whole = folder.write(format, finished);
      const [pictures, sound] = [packets(whole, 'v'), packets(whole, 'a')];
      expect([pictures.length, last.frames.length]).toEqual([175, 25]);
      expect(last.sound.length).toBeGreaterThan(30);
      const kept = head.dropLastGroup({ soundAlone });
      const left = Buffer.concat([
        media.subarray(0, last.position),
        ...kept.map(({ position, bytes }) => media.subarray(position, position + bytes)),
      ]);
      const path = folder.write(format, Buffer.concat([head.finalHead(left.length), left]));
      expect(packets(path, 'v')).toEqual(pictures.slice(0, 150));
      expect(packets(path, 'a')).toEqual(sound.slice(0, sound.length - last.sound.length + soundAlone));
      expect([head.videoFrames(), head.audioFrames()]).toEqual([150, packets(path, 'a').length]);
      expect(Math.abs(head.durationMs() - 6000)).toBeLessThan(150);
      expect(probeFile(path).duration).toBeCloseTo(head.durationMs() / 1000, 2);
    },
  );

  it('has what another file of the same stream begins with', () => {
    const { head, last } = recorded();
    const later = folder.generate('mp4', '-ss', '6', '-i', source, '-c', 'copy');
    const [next] = record(format, chunked(capture(later, format), 10_000)).files;
    expect(next?.head.groups.repetitionOf(last)).toEqual(again());
    expect(head.groups.repetitionOf(last)).toBe(false);
  });
});
