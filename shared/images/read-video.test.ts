import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ImageError } from './picture.ts';
import { isMp4, readVideo } from './read-video.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'streamkeep-video-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const PICTURE = ['-f', 'lavfi', '-i', 'color=red:s=64x36:r=5'];
const SOUND = ['-f', 'lavfi', '-i', 'sine'];
const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast'];

let videos = 0;
const video = (seconds: number, ...args: readonly string[]): Buffer => {
  videos += 1;
  const path = join(folder, `${videos}.mp4`);
  execFileSync('ffmpeg', ['-v', 'error', '-nostdin', ...args, '-t', String(seconds), '-y', path]);
  return readFileSync(path);
};

describe('A short video', { timeout: 60_000 }, () => {
  it('is known by its own header', () => {
    const silent = video(2, ...PICTURE, ...H264);
    expect(isMp4(silent)).toBe(true);
    expect(readVideo(silent)).toEqual({ width: 64, height: 36, durationSeconds: 2, hasSound: false });
    const loud = video(3, ...PICTURE, ...SOUND, ...H264, '-c:a', 'aac', '-movflags', 'faststart');
    expect(readVideo(loud)).toEqual({ width: 64, height: 36, durationSeconds: 3, hasSound: true });
  });

  it.each([
    ['up to 60 s', () => video(61, ...PICTURE, ...H264)],
    ['H.264', () => video(1, ...PICTURE, '-c:v', 'mpeg4')],
    ['AAC', () => video(1, ...PICTURE, ...SOUND, ...H264, '-c:a', 'ac3')],
    ['fragmented', () => video(1, ...PICTURE, ...H264, '-movflags', '+frag_keyframe+empty_moov')],
    ['one picture', () => video(1, ...SOUND, '-c:a', 'aac')],
    ['at most 4000000', () => Buffer.concat([video(1, ...PICTURE, ...H264), Buffer.alloc(4_000_000)])],
  ])('is refused unless it is %s', (why, make) => {
    expect(() => readVideo(make())).toThrow(ImageError);
    expect(() => readVideo(make())).toThrow(why);
  });

  it('that is damaged anywhere is refused, or read as if it were not', () => {
    const whole = video(1, ...PICTURE, ...H264);
    for (let at = 0; at < whole.length; at += 7) {
      const damaged = Buffer.from(whole);
      damaged.fill(0xff, at, Math.min(at + 4, whole.length));
      for (const bytes of [damaged, whole.subarray(0, at)]) {
        try {
          readVideo(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(ImageError);
        }
      }
    }
  });
});
