import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { endReason } from '../../shared/recordings/end-reason.ts';
import type { Formats } from '../../shared/schemas/template.ts';
import {
  flawlessFrames,
  MediaFolder,
  packets,
  probeFile,
  testSource,
  videoFrames,
} from '../containers/media.fixture.ts';
import { type Sink, startSink } from '../sink/sink.ts';
import { FORMATS, joinedSegments, serve, startCapture } from './capture.fixture.ts';
import { FENCED } from './capture.ts';
import type { SessionState } from './supervise.ts';

const folder = new MediaFolder();
let sink: Sink;
let source: string;
let bytes: Buffer;

beforeAll(async () => {
  sink = await startSink();
  const codecs = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-c:a', 'aac', '-shortest'];
  source = folder.generate('flv', ...testSource(6), ...codecs);
  bytes = readFileSync(source);
});
afterAll(async () => {
  await sink.close();
  folder.remove();
});

const start = (port: number, options: Parameters<typeof startCapture>[2] = {}) =>
  startCapture(sink, port, options);

const FLV_HEADER_BYTES = 13;
const SCRIPT_TAG = 18;

/** The media tags of an FLV, so much later. */
const flvTagsLater = (flv: Buffer, byMs: number): Buffer => {
  const tags: Buffer[] = [];
  for (let at = FLV_HEADER_BYTES; at < flv.length; ) {
    const tag = Buffer.from(flv.subarray(at, at + 15 + flv.readUIntBE(at + 1, 3)));
    tag.writeUIntBE(tag.readUIntBE(4, 3) + byMs, 4, 3);
    if (tag[0] !== SCRIPT_TAG) tags.push(tag);
    at += tag.length;
  }
  return Buffer.concat(tags);
};

describe('A capture of a real stream', () => {
  it('stores every frame of it in each format', { timeout: 20_000 }, async () => {
    const running = start(await serve((_, response) => response.end(bytes)));
    expect(await running.outcome).toEqual({ reason: endReason('session-ended'), receivedMedia: true });
    expect(await running.started).toEqual({
      ...{ videoCodec: 'h264', width: 192, height: 108, framesPerSecond: expect.any(Number) },
      ...{ audioCodec: 'aac', audioSampleRate: expect.any(Number), audioChannels: expect.any(Number) },
    });
    const gauge = await running.opened;
    expect(gauge.receivedBytes()).toBeGreaterThanOrEqual(bytes.length);
    expect(Math.abs(gauge.recordedSeconds() - 6)).toBeLessThan(0.2);
    expect(Date.now() - (gauge.lastKeyFrameAt() ?? 0)).toBeLessThan(20_000);

    const files = await running.files.list('rec_1');
    expect(files.map(({ format, state }) => `${format} ${state}`).sort()).toEqual([
      'aac ready',
      'flv ready',
      'hls ready',
      'mp4 ready',
    ]);
    for (const { durationSeconds } of files) expect(Math.abs(durationSeconds - 6)).toBeLessThan(0.2);
    expect([...running.store.objects.keys()].some((key) => key.startsWith('.streamkeep/'))).toBe(false);

    const [mp4, flv, aac] = ['mp4', 'flv', 'aac'].map((name) =>
      folder.write(name, running.object(`.${name}`)),
    );
    const [video, audio] = [packets(source, 'v'), packets(source, 'a')];
    expect(video).toHaveLength(150);
    expect(packets(mp4 ?? '', 'v')).toEqual(video);
    expect(packets(mp4 ?? '', 'a')).toEqual(audio);
    expect(packets(flv ?? '', 'v')).toEqual(video);
    expect(packets(flv ?? '', 'a')).toEqual(audio);
    expect(probeFile(aac ?? '').streams[0]?.nb_read_frames).toBe(String(audio.length));
    const { streams } = probeFile(folder.write('ts', joinedSegments(running)));
    expect(streams.find(({ codec_type }) => codec_type === 'video')?.nb_read_frames).toBe('150');
    expect(running.object('.m3u8').toString()).toContain('#EXT-X-ENDLIST');
  });

  it('ends cleanly when it is told to, with all that had come', { timeout: 20_000 }, async () => {
    const port = await serve((_, response) => {
      // The source goes on: it never says that it has ended.
      response.write(bytes);
    });
    const running = start(port, { formats: { mp4: { maxMinutes: 30 } }, session: async () => 'live' });
    await running.started;
    await vi.waitFor(() => expect(running.files.item('0001-mp4-0001').state).toBe('recording'));
    running.stop.abort(endReason('stopped'));
    expect(await running.outcome).toEqual({ reason: endReason('stopped'), receivedMedia: true });
    const mp4 = folder.write('mp4', running.object('.mp4'));
    expect(packets(mp4, 'v')).toEqual(packets(source, 'v').slice(0, packets(mp4, 'v').length));
    expect(packets(mp4, 'v').length).toBeGreaterThanOrEqual(25);
    expect(running.files.item('0001-mp4-0001')).toMatchObject({
      state: 'ready',
      reason: { code: 'stopped' },
    });
  });

  it('notices in silence that the session has ended, and loses nothing', { timeout: 20_000 }, async () => {
    const port = await serve((_, response) => {
      response.write(bytes);
    });
    const running = start(port, { formats: { flv: { maxMinutes: 30 } } });
    expect(await running.outcome).toMatchObject({ reason: endReason('session-ended') });
    expect(packets(folder.write('flv', running.object('.flv')), 'v')).toEqual(packets(source, 'v'));
  });

  it('drops everything when the recording belongs to another recorder', { timeout: 20_000 }, async () => {
    const port = await serve((_, response) => {
      response.write(bytes);
    });
    const running = start(port, { session: async () => 'live' });
    await running.started;
    running.stop.abort(FENCED);
    await running.outcome;
    expect((await running.files.list('rec_1')).every(({ state }) => state === 'recording')).toBe(true);
    expect(running.store.calls.filter(({ operation }) => operation === 'CompleteMultipartUpload')).toEqual(
      [],
    );
  });

  it.each([
    ['alone', { hls: { segmentSeconds: 2, resumptionTimeout: 0 } }],
    ['among others', FORMATS],
  ])(
    'ends HLS %s before the first frame with other codec settings',
    { timeout: 20_000 },
    async (_, formats) => {
      const codecs = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-c:a', 'aac', '-shortest'];
      // Less than a segment: a whole one that comes at once may be published before its settings are seen.
      const other = readFileSync(folder.generate('flv', ...testSource(1), '-s', '320x180', ...codecs));
      const port = await serve((_, response) => {
        response.write(Buffer.concat([bytes, flvTagsLater(other, 6000)]));
      });
      const running = start(port, { formats, session: async () => 'live' });
      expect(await running.outcome).toMatchObject({ reason: { code: 'codec-changed' }, receivedMedia: true });
      const segments = folder.write('ts', joinedSegments(running));
      expect(flawlessFrames(segments)).toEqual(videoFrames(source));
    },
  );

  it('makes no AAC file of a stream with video unless it always should', { timeout: 20_000 }, async () => {
    const formats: Formats = { flv: { maxMinutes: 30 }, aac: { maxMinutes: 30, when: 'audio-only' } };
    const running = start(await serve((_, response) => response.end(bytes)), { formats });
    await running.outcome;
    expect((await running.files.list('rec_1')).map(({ format }) => format)).toEqual(['flv']);
  });
});

describe('A capture without a stream', () => {
  it('says that the source cannot be reached', async () => {
    const { outcome } = start(await serve((_, response) => response.writeHead(404).end()));
    expect(await outcome).toEqual({
      reason: endReason('source-unreachable', 'The source answered 404.'),
      receivedMedia: false,
    });
  });

  it('says that the address is not allowed, and connects to nothing', async () => {
    const asked = vi.fn();
    const { outcome } = start(await serve(asked), { allowed: [] });
    expect(await outcome).toMatchObject({ reason: { code: 'source-refused' }, receivedMedia: false });
    expect(asked).not.toHaveBeenCalled();
  });

  it('says that the source is nothing that can be recorded', { timeout: 20_000 }, async () => {
    const running = start(await serve((_, response) => response.end('this is no media at all'.repeat(1000))));
    expect(await running.outcome).toMatchObject({
      reason: { code: 'source-unsupported' },
      receivedMedia: false,
    });
    expect(await running.files.list('rec_1')).toEqual([]);
  });

  it('ends although the table cannot say whether the session has ended', { timeout: 20_000 }, async () => {
    const away = async (): Promise<SessionState> => {
      throw new Error('the table is away');
    };
    const running = start(await serve((_, response) => response.end(bytes)), { session: away });
    expect(await running.outcome).toMatchObject({ reason: { code: 'source-silent' }, receivedMedia: true });
    expect((await running.files.list('rec_1')).every(({ state }) => state === 'ready')).toBe(true);
  });
});
