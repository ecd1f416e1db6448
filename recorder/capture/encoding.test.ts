import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endReason } from '../../shared/recordings/end-reason.ts';
import type { Formats } from '../../shared/schemas/template.ts';
import { type Encoding, videoEncodingSchema } from '../../shared/schemas/transcode.ts';
import { MediaFolder, packets, testSource } from '../containers/media.fixture.ts';
import { type Sink, startSink } from '../sink/sink.ts';
import { FORMATS, joinedSegments, type RunningCapture, serve, startCapture } from './capture.fixture.ts';
import { flashAndBeep, lumaOf, meanOf, momentsOf, WIDTH } from './flashes.fixture.ts';
import { lookAt } from './look-at.fixture.ts';
import type { LoadImages } from './making.ts';

const SLOW = { timeout: 120_000 };
const SECONDS = 3;
const PICTURES = 25 * SECONDS;

const folder = new MediaFolder();
let sink: Sink;
let source: string;
let images: LoadImages;

beforeAll(async () => {
  sink = await startSink();
  const codecs = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-bf', '2', '-c:a', 'aac'];
  // Black, so that what is laid over it shows.
  const black = [
    '-f',
    'lavfi',
    '-i',
    `color=black:r=25:s=${WIDTH}x180:d=${SECONDS}`,
    ...testSource(SECONDS).slice(4),
  ];
  source = folder.generate('flv', ...black, ...codecs, '-shortest');
  const path = folder.generate('png', '-f', 'lavfi', '-i', 'color=white:s=64x32', '-frames:v', '1');
  images = async (overlays) => overlays.map(() => ({ path, demuxer: 'png_pipe' }) as const);
}, 60_000);
afterAll(async () => {
  await sink.close();
  folder.remove();
});

type Options = Parameters<typeof startCapture>[2];

/** Captures all of a file that is sent at once. */
const capture = async (path: string, options: Options): Promise<RunningCapture> => {
  const extension = path.slice(path.lastIndexOf('.'));
  const port = await serve((_, response) => void response.end(readFileSync(path)));
  const running = startCapture(sink, port, { path: `{stream}${extension}`, ...options });
  expect(await running.outcome).toEqual({ reason: endReason('session-ended'), receivedMedia: true });
  return running;
};

const fileOf = (running: RunningCapture, format: 'mp4' | 'flv' | 'aac' | 'hls'): string =>
  format === 'hls'
    ? folder.write('ts', joinedSegments(running))
    : folder.write(format, running.object(`.${format}`));

const overlay = (more: object = {}) => ({
  ...{ key: 'watermarks/1', sha256: 'ab'.repeat(32) },
  ...{ xPercent: 10, yPercent: 10, widthPercent: 20, opacityPercent: 100, ...more },
});
const encodingOf = (more: Partial<Encoding> = {}): Encoding => ({ overlays: [], audioOnly: false, ...more });

describe('A watermarked capture', SLOW, () => {
  it('has the image in its place on each picture, and each picture of the source, in each format', async () => {
    const encoding = encodingOf({
      overlays: [overlay(), overlay({ xPercent: 80, yPercent: 80, widthPercent: 10, opacityPercent: 50 })],
    });
    const running = await capture(source, { encoding, images });
    expect(running.troubles).toEqual([]);
    const states = (await running.files.list('rec_1')).map(({ format, state }) => `${format} ${state}`);
    expect(states.sort()).toEqual(['aac ready', 'flv ready', 'hls ready', 'mp4 ready']);
    const { times } = lookAt(source);
    for (const format of ['mp4', 'flv', 'hls'] as const) {
      const path = fileOf(running, format);
      const seen = lookAt(path);
      expect(seen, format).toMatchObject({ codecs: ['aac', 'h264'], pictures: PICTURES });
      seen.times.forEach((time, index) => {
        expect(Math.abs(time - (times[index] ?? 0))).toBeLessThan(0.002);
      });
      const pictures = lumaOf(path);
      expect(pictures, format).toHaveLength(PICTURES);
      for (const luma of pictures) {
        // 32 to 96 across and 18 to 50 down; white is 235, black 16.
        expect(meanOf(luma, { width: 60, height: 28, x: 34, y: 20 }), format).toBeGreaterThan(228);
        expect(meanOf(luma, { width: 320, height: 14, x: 0, y: 0 }), format).toBeLessThan(20);
        expect(meanOf(luma, { width: 28, height: 180, x: 0, y: 0 }), format).toBeLessThan(20);
        // Half of it shines through.
        expect(Math.abs(meanOf(luma, { width: 28, height: 12, x: 258, y: 146 }) - 125)).toBeLessThan(8);
      }
    }
    // The sound is copied.
    expect(packets(fileOf(running, 'mp4'), 'a')).toEqual(packets(source, 'a'));
  });

  it('may have an image that is much higher than the picture', async () => {
    const path = folder.generate('png', '-f', 'lavfi', '-i', 'color=white:s=2x4096', '-frames:v', '1');
    const running = await capture(source, {
      formats: { mp4: { maxMinutes: 30 } },
      encoding: encodingOf({ overlays: [overlay({ xPercent: 0, yPercent: 50, widthPercent: 100 })] }),
      images: async () => [{ path, demuxer: 'png_pipe' }],
    });
    const [luma = Buffer.alloc(0)] = lumaOf(fileOf(running, 'mp4'));
    expect(meanOf(luma, { width: 320, height: 86, x: 0, y: 0 })).toBeLessThan(20);
    expect(meanOf(luma, { width: 320, height: 86, x: 0, y: 94 })).toBeGreaterThan(228);
  });

  it('is recorded without its watermark when that cannot be had', async () => {
    const running = await capture(source, {
      formats: { mp4: { maxMinutes: 30 } },
      encoding: encodingOf({ overlays: [overlay()] }),
      images: () => Promise.reject(new Error('the bucket is away')),
    });
    expect(running.troubles).toEqual([endReason('watermark-missing')]);
    expect(lookAt(fileOf(running, 'mp4'))).toMatchObject({ codecs: ['aac', 'h264'], pictures: PICTURES });
  });
});

describe('A transcoded capture', SLOW, () => {
  const MP4: Formats = { mp4: { maxMinutes: 30 } };

  const EACH_SECOND = { height: 90, gopSeconds: 1, bitrateKbps: 100 };
  const expectEachPicture = (running: RunningCapture, codecs: readonly string[]): void => {
    expect(lookAt(fileOf(running, 'mp4'))).toMatchObject({
      codecs,
      ...{ pictures: PICTURES, size: [160, 90], keyTimes: [0, 1, 2] },
    });
  };

  it.each(['h264', 'hevc'] as const)(
    'has every picture as %s, with a key frame each second',
    async (codec) => {
      const video = videoEncodingSchema.parse({ codec, ...EACH_SECOND });
      const audio = { codec: 'opus', bitrateKbps: 64 } as const;
      expectEachPicture(await capture(source, { formats: MP4, encoding: encodingOf({ video, audio }) }), [
        codec,
        'opus',
      ]);
    },
  );

  it('as AV1 leaves formats out that cannot hold it, and says so', async () => {
    const port = await serve((_, response) => void response.end(readFileSync(source)));
    const video = videoEncodingSchema.parse({ codec: 'av1', ...EACH_SECOND });
    const running = startCapture(sink, port, { encoding: encodingOf({ video }) });
    const { reason } = await running.outcome;
    expect(reason.code).toBe('session-ended');
    expect(reason.text).toContain('HLS could not be written (it cannot hold av1)');
    expect(reason.text).toContain('FLV could not be written (it cannot hold av1)');
    expect((await running.files.list('rec_1')).map(({ format }) => format).sort()).toEqual(['aac', 'mp4']);
    expectEachPicture(running, ['aac', 'av1']);
  });

  it('never scales up, and lets at most so many pictures a second through', async () => {
    const video = videoEncodingSchema.parse({ height: 1080, framesPerSecond: 10 });
    const running = await capture(source, { formats: MP4, encoding: encodingOf({ video }) });
    const { size, pictures } = lookAt(fileOf(running, 'mp4'));
    expect(size).toEqual([WIDTH, 180]);
    expect(Math.abs(pictures - 10 * SECONDS)).toBeLessThanOrEqual(1);
  });

  it('of sound alone has no picture', async () => {
    const running = await capture(source, {
      encoding: encodingOf({ audioOnly: true, audio: { codec: 'aac', bitrateKbps: 64 } }),
      formats: { ...MP4, aac: { maxMinutes: 30, when: 'audio-only' } },
    });
    expect(lookAt(fileOf(running, 'mp4')).codecs).toEqual(['aac']);
    expect(lookAt(fileOf(running, 'aac')).codecs).toEqual(['aac']);
  });
});

describe('Sound and picture', SLOW, () => {
  it('are together at the beginning and at the end, and nothing of either is lost', async () => {
    const path = flashAndBeep(folder, 'flv', 4);
    const encoding = encodingOf({
      video: videoEncodingSchema.parse({}),
      audio: { codec: 'aac', bitrateKbps: 96 },
    });
    const running = await capture(path, {
      encoding,
      formats: { mp4: { maxMinutes: 30 }, flv: { maxMinutes: 30 } },
    });
    for (const format of ['mp4', 'flv'] as const) {
      const { flashes, beeps } = momentsOf(fileOf(running, format));
      expect(flashes, format).toHaveLength(4);
      expect(beeps, format).toHaveLength(4);
      for (const [index, flash] of flashes.entries())
        expect(Math.abs(flash - (beeps[index] ?? 0)), `${format} ${index}`).toBeLessThan(0.04);
    }
  });
});

describe('Sound that a format cannot hold', SLOW, () => {
  const ALL: Formats = { ...FORMATS, hls: { segmentSeconds: 2, resumptionTimeout: 0 } };

  it.each([
    ['Opus in MPEG-TS', 'ts', ['-c:a', 'libopus'], { hls: 'opus', mp4: 'opus', flv: 'aac', aac: 'aac' }],
    [
      'MP3 in FLV',
      'flv',
      ['-c:a', 'libmp3lame', '-ar', '44100'],
      { hls: 'mp3', mp4: 'mp3', flv: 'mp3', aac: 'aac' },
    ],
    ['PCM in Matroska', 'mkv', ['-c:a', 'pcm_s16le'], { hls: 'aac', mp4: 'aac', flv: 'aac', aac: 'aac' }],
  ] as const)('is encoded for it alone: %s', async (_, extension, audio, codecs) => {
    const path = folder.generate(
      extension,
      ...testSource(SECONDS),
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', ...audio],
    );
    const running = await capture(path, { formats: ALL });
    const { pictures, soundFrames } = lookAt(path);
    for (const [format, codec] of Object.entries(codecs) as [keyof typeof codecs, string][]) {
      const seen = lookAt(fileOf(running, format));
      expect(seen.codecs, format).toEqual(format === 'aac' ? [codec] : [codec, 'h264'].sort());
      if (format !== 'aac') expect(seen.pictures, format).toBe(pictures);
      if (codec !== 'aac') expect(seen.soundFrames, format).toBe(soundFrames);
      else {
        // Nothing is lost; the encoders of both codecs put a little before it, and fill their last frame up.
        const soundSeconds = (seen.soundFrames * 1024) / seen.soundRate;
        expect(soundSeconds, format).toBeGreaterThan(SECONDS - 0.025);
        expect(soundSeconds, format).toBeLessThan(SECONDS + 0.1);
      }
    }
  });
});
