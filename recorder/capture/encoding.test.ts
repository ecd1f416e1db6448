import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { endReason } from '../../shared/recordings/end-reason.ts';
import type { Formats } from '../../shared/schemas/template.ts';
import { type Encoding, videoEncodingSchema } from '../../shared/schemas/transcode.ts';
import { MediaFolder, packets, packetTimes, probeFile, testSource } from '../containers/media.fixture.ts';
import { type Sink, startSink } from '../sink/sink.ts';
import { FORMATS, joinedSegments, type RunningCapture, startCapture } from './capture.fixture.ts';
import { flashAndBeep, lumaOf, momentsOf } from './flashes.fixture.ts';
import type { LoadImages } from './making.ts';

const SLOW = { timeout: 120_000 };

const folder = new MediaFolder();
let sink: Sink;
let source: string;
let images: LoadImages;

beforeAll(async () => {
  sink = await startSink();
  const codecs = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-bf', '2', '-c:a', 'aac'];
  // Black, so that what is laid over it shows.
  const black = ['-f', 'lavfi', '-i', 'color=black:r=25:s=320x180:d=5', ...testSource(5).slice(4)];
  source = folder.generate('flv', ...black, ...codecs, '-shortest');
  const path = folder.generate('png', '-f', 'lavfi', '-i', 'color=white:s=64x32', '-frames:v', '1');
  images = async (overlays) => overlays.map(() => ({ path, demuxer: 'png_pipe' }) as const);
}, 60_000);
afterAll(async () => {
  await sink.close();
  folder.remove();
});

const serve = async (play: (response: ServerResponse) => void): Promise<number> => {
  const server = createServer((_, response) => play(response)).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
};

type Options = Parameters<typeof startCapture>[2];

/** Captures all of a file that is sent at once. */
const capture = async (path: string, options: Options): Promise<RunningCapture> => {
  const extension = path.slice(path.lastIndexOf('.'));
  const port = await serve((response) => void response.end(readFileSync(path)));
  const running = startCapture(sink, port, { path: `{stream}${extension}`, ...options });
  expect(await running.outcome).toEqual({ reason: endReason('session-ended'), receivedMedia: true });
  return running;
};

const fileOf = (running: RunningCapture, format: 'mp4' | 'flv' | 'aac' | 'hls'): string =>
  format === 'hls'
    ? folder.write('ts', joinedSegments(running))
    : folder.write(format, running.object(`.${format}`));

const streamsOf = (path: string): string[] =>
  probeFile(path).streams.map(({ codec_type, codec_name, nb_read_frames }) =>
    codec_type === 'video' ? `${codec_name} ${nb_read_frames}` : codec_name,
  );

const keyTimes = (path: string): number[] =>
  execFileSync('ffprobe', [
    ...['-v', 'error', '-select_streams', 'v', '-show_entries', 'packet=pts_time,flags', '-of', 'csv=p=0'],
    path,
  ])
    .toString()
    .split('\n')
    .filter((line) => line.includes('K'))
    .map((line) => Number(line.split(',')[0]));

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
    const times = packetTimes(source, 'v').map((time) => time - (packetTimes(source, 'v')[0] ?? 0));
    for (const format of ['mp4', 'flv', 'hls'] as const) {
      const path = fileOf(running, format);
      expect(streamsOf(path).sort(), format).toEqual(['aac', 'h264 125']);
      // 32 to 96 across and 18 to 50 down; white is 235, black 16.
      expect(Math.min(...lumaOf(path, '60:28:34:20')), format).toBeGreaterThan(228);
      expect(Math.max(...lumaOf(path, '320:14:0:0')), format).toBeLessThan(20);
      expect(Math.max(...lumaOf(path, '28:180:0:0')), format).toBeLessThan(20);
      // Half of it shines through.
      const half = lumaOf(path, '28:12:258:146');
      expect(half).toHaveLength(125);
      for (const luma of half) expect(Math.abs(luma - 125)).toBeLessThan(8);
      const [first = 0, ...rest] = packetTimes(path, 'v');
      [first, ...rest].forEach((time, index) => {
        expect(Math.abs(time - first - (times[index] ?? 0))).toBeLessThan(0.002);
      });
    }
    // The sound is copied.
    expect(packets(fileOf(running, 'mp4'), 'a')).toEqual(packets(source, 'a'));
  });

  it('is recorded without its watermark when that cannot be had', async () => {
    const running = await capture(source, {
      formats: { mp4: { maxMinutes: 30 } },
      encoding: encodingOf({ overlays: [overlay()] }),
      images: () => Promise.reject(new Error('the bucket is away')),
    });
    expect(running.troubles).toEqual([endReason('watermark-missing')]);
    expect(streamsOf(fileOf(running, 'mp4'))).toContain('h264 125');
  });
});

describe('A transcoded capture', SLOW, () => {
  const MP4: Formats = { mp4: { maxMinutes: 30 } };

  it.each([
    ['h264', 'h264'],
    ['hevc', 'hevc'],
    ['av1', 'av1'],
  ] as const)('has every picture as %s, with a key frame each second', async (codec, name) => {
    const video = videoEncodingSchema.parse({ codec, height: 90, gopSeconds: 1, bitrateKbps: 100 });
    const running = await capture(source, {
      formats: MP4,
      encoding: encodingOf({ video, audio: { codec: 'opus', bitrateKbps: 64 } }),
    });
    const path = fileOf(running, 'mp4');
    expect(streamsOf(path).sort()).toEqual([`${name} 125`, 'opus'].sort());
    const [first = 0] = keyTimes(path);
    expect(keyTimes(path).map((time) => Math.round((time - first) * 10) / 10)).toEqual([0, 1, 2, 3, 4]);
    const size = execFileSync('ffprobe', [
      ...['-v', 'error', '-select_streams', 'v', '-show_entries', 'stream=width,height', '-of', 'csv=p=0'],
      path,
    ]).toString();
    expect(size.trim()).toBe('160,90');
  });

  it('never scales up, and lets at most so many pictures a second through', async () => {
    const video = videoEncodingSchema.parse({ height: 1080, framesPerSecond: 10 });
    const running = await capture(source, { formats: MP4, encoding: encodingOf({ video }) });
    const path = fileOf(running, 'mp4');
    const pictures = lumaOf(path, '320:180:0:0').length;
    expect(Math.abs(pictures - 50)).toBeLessThanOrEqual(1);
  });

  it('of sound alone has no picture', async () => {
    const running = await capture(source, {
      encoding: encodingOf({ audioOnly: true, audio: { codec: 'aac', bitrateKbps: 64 } }),
      formats: { ...MP4, aac: { maxMinutes: 30, when: 'audio-only' } },
    });
    expect(streamsOf(fileOf(running, 'mp4'))).toEqual(['aac']);
    expect(streamsOf(fileOf(running, 'aac'))).toEqual(['aac']);
  });

  it('leaves formats out that cannot hold it, and says so', async () => {
    const port = await serve((response) => void response.end(readFileSync(source)));
    const video = videoEncodingSchema.parse({ codec: 'av1' });
    const running = startCapture(sink, port, { encoding: encodingOf({ video }) });
    const { reason } = await running.outcome;
    expect(reason.code).toBe('session-ended');
    expect(reason.text).toContain('HLS could not be written (it cannot hold av1)');
    expect(reason.text).toContain('FLV could not be written (it cannot hold av1)');
    expect((await running.files.list('rec_1')).map(({ format }) => format).sort()).toEqual(['aac', 'mp4']);
  });
});

describe('Sound and picture', SLOW, () => {
  it('are together at the beginning and at the end, and nothing of either is lost', async () => {
    const path = flashAndBeep(folder, 'flv', 8, '-c:a', 'aac', '-ar', '48000');
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
      expect(flashes, format).toHaveLength(8);
      expect(beeps, format).toHaveLength(8);
      for (const [index, flash] of flashes.entries())
        expect(Math.abs(flash - (beeps[index] ?? 0)), `${format} ${index}`).toBeLessThan(0.04);
    }
  });
});

/** Samples of a sound that can be heard. */
const samplesOf = (path: string): number =>
  execFileSync('ffmpeg', ['-v', 'error', '-i', path, '-vn', '-ar', '48000', '-ac', '1', '-f', 's16le', '-'])
    .length / 2;

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
    const path = flashAndBeep(folder, extension, 5, ...audio);
    const running = await capture(path, { formats: ALL });
    const frames = packets(path, 'v');
    for (const [format, codec] of Object.entries(codecs) as [keyof typeof codecs, string][]) {
      const recorded = fileOf(running, format);
      const streams = probeFile(recorded).streams.map(({ codec_name }) => codec_name);
      expect(streams.sort(), format).toEqual(format === 'aac' ? [codec] : [codec, 'h264'].sort());
      // One frame of AAC may be filled up, and one be the encoder's own, which MP4 alone says of it.
      const more = samplesOf(recorded) - samplesOf(path);
      expect(more, format).toBeGreaterThan(-1024);
      expect(more, format).toBeLessThan(2.5 * 1024);
      if (format !== 'aac') expect(packetTimes(recorded, 'v'), format).toHaveLength(frames.length);
    }
  });
});
