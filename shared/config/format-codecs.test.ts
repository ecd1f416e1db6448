import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Format } from '../schemas/names.ts';
import { formatsSchema } from '../schemas/template.ts';
import { AUDIO_CODECS, VIDEO_CODECS } from '../schemas/transcode.ts';
import { transcodeWith } from './content.fixture.ts';
import { misfitsOf, misfitText } from './format-codecs.ts';

const misfits = (formats: readonly Format[], video: string | undefined, audio = 'aac'): string[] =>
  misfitsOf(
    formatsSchema.parse(Object.fromEntries(formats.map((format) => [format, {}]))),
    transcodeWith('trc_1', {
      ...(video === undefined ? {} : { video: { codec: video } }),
      audio: { codec: audio },
    }),
  ).map(({ format, codec }) => `${codec} in ${format}`);

const ALL: readonly Format[] = ['hls', 'mp4', 'flv', 'aac'];

describe('formats', () => {
  it('can all hold h264 and aac, and mp4 everything', () => {
    expect(misfits(ALL, 'h264')).toEqual([]);
    expect(misfits(ALL, undefined)).toEqual([]);
    for (const video of VIDEO_CODECS) {
      for (const audio of AUDIO_CODECS) expect(misfits(['mp4'], video, audio)).toEqual([]);
    }
  });

  it('that cannot hold a codec are named', () => {
    expect(misfits(ALL, 'hevc')).toEqual(['hevc in flv']);
    expect(misfits(ALL, 'av1')).toEqual(['av1 in hls', 'av1 in flv']);
    expect(misfits(ALL, undefined, 'opus')).toEqual(['opus in hls', 'opus in flv', 'opus in aac']);
    expect(misfits(['mp4', 'flv'], 'av1', 'opus')).toEqual(['av1 in flv', 'opus in flv']);
  });

  it('say in words what they can hold', () => {
    expect(misfitText({ format: 'flv', codec: 'hevc' })).toBe('cannot hold hevc; it takes h264 and aac');
    expect(misfitText({ format: 'hls', codec: 'av1' })).toBe('cannot hold av1; it takes h264, hevc and aac');
    expect(misfitText({ format: 'aac', codec: 'opus' })).toBe('cannot hold opus; it takes aac');
  });
});

describe('the ffmpeg here', () => {
  const run = promisify(execFile);
  const ENCODERS: Record<string, readonly string[]> = {
    h264: ['libx264', '-preset', 'ultrafast'],
    hevc: ['libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=none'],
    av1: ['libsvtav1', '-preset', '12'],
    aac: ['aac'],
    opus: ['libopus'],
  };
  const MUXERS: Record<Format, string> = { hls: 'mpegts', mp4: 'mp4', flv: 'flv', aac: 'adts' };
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'codecs-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Codecs that come out of a file of this format. */
  const writtenAndRead = async (format: Format, video: string, audio: string): Promise<string[]> => {
    const path = join(folder, `${format}-${video}-${audio}`);
    const args = [
      ...['-v', 'quiet', '-y', '-f', 'lavfi', '-i', 'testsrc2=s=160x120:r=10:d=0.5'],
      ...['-f', 'lavfi', '-i', 'sine=d=0.5:r=48000', '-pix_fmt', 'yuv420p'],
      ...(format === 'aac' ? ['-map', '1:a'] : ['-c:v', ...(ENCODERS[video] ?? [])]),
      ...['-c:a', ...(ENCODERS[audio] ?? []), '-f', MUXERS[format], path],
    ];
    await run('ffmpeg', args).catch(() => undefined);
    const probe = ['-v', 'quiet', '-show_entries', 'stream=codec_name', '-of', 'csv=p=0', path];
    const { stdout } = await run('ffprobe', probe).catch(() => ({ stdout: '' }));
    return [...new Set(stdout.split('\n').filter((name) => name !== ''))].sort();
  };

  it.each<[Format, string, string]>([
    ['hls', 'hevc', 'aac'],
    ['mp4', 'hevc', 'opus'],
    ['mp4', 'av1', 'opus'],
    ['flv', 'h264', 'aac'],
  ])('writes %s with %s and %s so that it can be read', async (format, video, audio) => {
    expect(misfits([format], video, audio)).toEqual([]);
    expect(await writtenAndRead(format, video, audio)).toEqual([audio, video].sort());
  });

  it.each<[Format, string, string]>([
    ['hls', 'av1', 'aac'],
    ['flv', 'hevc', 'aac'],
    ['flv', 'av1', 'aac'],
    ['flv', 'h264', 'opus'],
    ['aac', 'h264', 'opus'],
  ])('cannot put it into %s: %s with %s', async (format, video, audio) => {
    expect(misfits([format], video, audio)).toHaveLength(1);
    expect(await writtenAndRead(format, video, audio)).not.toEqual([audio, video].sort());
  });
});
