import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { videoEncodingSchema } from '../../shared/schemas/transcode.ts';
import { type FlvTag, readFlv } from '../../test/support/flv-file.ts';
import { descendants } from '../../test/support/local-process.ts';
import { paced, sendLive } from '../../test/support/paced.ts';
import { MediaFolder, packets, packetTimes, probeFile, testSource } from '../containers/media.fixture.ts';
import { type Sink, startSink } from '../sink/sink.ts';
import { joinedSegments, serve, startCapture } from './capture.fixture.ts';
import type { LoadImages, Making } from './making.ts';
import type { SessionState } from './supervise.ts';

const CODECS = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-c:a', 'aac', '-shortest'];
const folder = new MediaFolder();
let sink: Sink;
let source: string;
let tags: FlvTag[];

beforeAll(async () => {
  sink = await startSink();
  source = folder.generate('flv', ...testSource(16), ...CODECS);
  tags = await readFlv(source);
});
afterAll(async () => {
  await sink.close();
  folder.remove();
});

const live = async (): Promise<SessionState> => 'live';
const FORMATS = {
  hls: { segmentSeconds: 2, resumptionTimeout: 0 },
  mp4: { maxMinutes: 30 },
  flv: { maxMinutes: 30 },
};
const ENCODED = {
  formats: FORMATS,
  encoding: { overlays: [], audioOnly: false, video: videoEncodingSchema.parse({ bitrateKbps: 200 }) },
  session: live,
  goesOn: true,
};

const OVERLAY = {
  ...{ key: 'watermarks/1', sha256: 'ab'.repeat(32) },
  ...{ xPercent: 10, yPercent: 10, widthPercent: 20, opacityPercent: 100 },
};

describe('An encoding capture of a stream whose time stamps', { timeout: 90_000 }, () => {
  it.each([
    ['jump ahead by 5 s', (ms: number) => (ms < 5000 ? ms : ms + 5000)],
    ['jump ahead by an hour', (ms: number) => (ms < 5000 ? ms : ms + 3_600_000)],
    ['jump back by 3 s', (ms: number) => (ms < 5000 ? ms : ms - 3000)],
    ['begin again', (ms: number) => (ms < 5000 ? ms : ms - 5000)],
  ])('%s ends there, so that another one begins', async (_, timeOf) => {
    const port = await serve((_, response) => void sendLive(response, paced(tags, timeOf), 2000));
    const running = startCapture(sink, port, ENCODED);
    expect(await running.outcome).toMatchObject({ reason: { cause: 'source', code: 'time-jumped' } });
    for (const format of ['mp4', 'flv'] as const) {
      const times = packetTimes(folder.write(format, running.object(`.${format}`)), 'v');
      // All that came before the jump, and of what came behind it no more than was on its way.
      expect(times.length, format).toBeGreaterThanOrEqual(125);
      expect(times.length, format).toBeLessThan(150);
      times.slice(1, 125).forEach((time, index) => {
        expect(time - (times[index] ?? 0), `${format} ${index}`).toBeCloseTo(0.04, 2);
      });
    }
  });
});

/** What comes before a time. */
const upTo = (endMs: number): FlvTag[] => tags.filter(({ timeMs }) => timeMs < endMs);

/** The media tags of an FLV, so much later. */
const later = (found: readonly FlvTag[], byMs: number): FlvTag[] =>
  found.filter(({ type }) => type !== 18).map((tag) => ({ ...tag, timeMs: tag.timeMs + byMs }));

describe('An encoding capture', { timeout: 90_000 }, () => {
  it.each(['flv', 'ts'] as const)('ends when the picture gets another size, in %s', async (container) => {
    const other = folder.generate('flv', ...testSource(3), '-s', '320x180', ...CODECS);
    const both = [...upTo(6000), ...later(await readFlv(other), 6000)];
    const port = await serve((_, response) => {
      if (container === 'flv') void sendLive(response, paced(both), 20_000);
      else {
        const ts = folder.generate('ts', '-i', source, '-t', '6', '-c', 'copy');
        const behind = folder.generate('ts', '-i', other, '-c', 'copy', '-output_ts_offset', '6');
        response.write(Buffer.concat([readFileSync(ts), readFileSync(behind)]));
      }
    });
    const running = startCapture(sink, port, ENCODED);
    expect(await running.outcome).toMatchObject({ reason: { code: 'codec-changed' }, receivedMedia: true });
    const times = packetTimes(folder.write('mp4', running.object('.mp4')), 'v');
    expect(times.length).toBeGreaterThanOrEqual(148);
  });

  it('whose encoder is killed keeps what had come, and leaves the playlist open for the next one', async () => {
    const port = await serve((_, response) => void sendLive(response, paced(tags), 3000));
    const running = startCapture(sink, port, ENCODED);
    const gauge = await running.opened;
    await vi.waitFor(() => expect(gauge.recordedSeconds()).toBeGreaterThan(2), { timeout: 30_000 });
    const pids = await descendants(process.pid);
    expect(pids).toHaveLength(2);
    process.kill(Math.max(...pids), 'SIGKILL');
    expect(await running.outcome).toMatchObject({ reason: { code: 'ffmpeg-failed' }, receivedMedia: true });
    const states = (await running.files.list('rec_1')).map(({ format, state }) => `${format} ${state}`);
    expect(states.sort()).toEqual(['flv ready', 'hls recording', 'mp4 ready']);
    expect(packetTimes(folder.write('flv', running.object('.flv')), 'v').length).toBeGreaterThan(45);
    expect(await descendants(process.pid)).toEqual([]);
  });

  it('that falls behind ends, tries less the next time, and loses nothing of what it had read', async () => {
    const port = await serve((_, response) => void sendLive(response, paced(tags), 3000));
    const making = { feeds: false, effort: 'usual' as const };
    const running = startCapture(sink, port, { ...ENCODED, making });
    const gauge = await running.opened;
    await vi.waitFor(() => expect(gauge.recordedSeconds()).toBeGreaterThan(2), { timeout: 30_000 });
    const encoder = Math.max(...(await descendants(process.pid)));
    process.kill(encoder, 'SIGSTOP');
    await vi.waitFor(() => expect(running.troubles).toHaveLength(1), { timeout: 30_000 });
    process.kill(encoder, 'SIGCONT');
    expect(running.troubles[0]).toMatchObject({ code: 'encoder-slow', cause: 'ours' });
    expect(making.effort).toBe('fastest');
    expect(await running.outcome).toMatchObject({ reason: { code: 'encoder-slow' }, receivedMedia: true });
    // It was slow for 5 s at least, and what came then is there.
    const times = packetTimes(folder.write('mp4', running.object('.mp4')), 'v');
    expect(times.length).toBeGreaterThan(8 * 25);
    times.slice(1).forEach((time, index) => {
      expect(time - (times[index] ?? 0)).toBeCloseTo(0.04, 2);
    });
    const states = (await running.files.list('rec_1')).map(({ format, state }) => `${format} ${state}`);
    expect(states.sort()).toEqual(['flv ready', 'hls recording', 'mp4 ready']);
  });

  it('that cannot encode at all has the next one record the original', async () => {
    const play = (response: ServerResponse) => void sendLive(response, paced(upTo(3000)), 20_000);
    const making: Making = { feeds: false, effort: 'usual' };
    const video = videoEncodingSchema.parse({ codec: 'av1', bitrateKbps: 50 });
    const encoding = { overlays: [{ ...OVERLAY }], audioOnly: false, video };
    const images: LoadImages = async () => [{ path: '/nowhere', demuxer: 'png_pipe' }];
    const mp4 = { mp4: { maxMinutes: 30 } };
    const options = { ...ENCODED, formats: mp4, encoding, making, images };
    const first = startCapture(sink, await serve((_, response) => play(response)), options);
    expect(await first.outcome).toMatchObject({ reason: { code: 'ffmpeg-failed' }, receivedMedia: false });
    expect(making.effort).toBe('none');
    const second = startCapture(sink, await serve((_, response) => play(response)), {
      ...options,
      session: undefined,
    });
    expect(await second.outcome).toMatchObject({ reason: { code: 'session-ended' } });
    expect(packets(folder.write('mp4', second.object('.mp4')), 'v')).toEqual(
      packets(source, 'v').slice(0, 75),
    );
  });

  it('whose session ends has every picture, to the last one', async () => {
    const port = await serve((_, response) => void sendLive(response, paced(upTo(6000)), 20_000));
    const running = startCapture(sink, port, { ...ENCODED, goesOn: false, session: undefined });
    expect(await running.outcome).toMatchObject({ reason: { code: 'session-ended' } });
    const segments = folder.write('ts', joinedSegments(running));
    expect(probeFile(segments).streams.find(({ codec_type }) => codec_type === 'video')?.nb_read_frames).toBe(
      '150',
    );
  });
});
