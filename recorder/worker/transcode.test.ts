import { readFileSync } from 'node:fs';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryObjectStore, type MemoryObjectStore } from '../../shared/storage/memory-object-store.ts';
import { soundArgs, videoArgs } from '../capture/encoder-args.ts';
import { lookAt } from '../capture/look-at.fixture.ts';
import { encodedVideo } from '../capture/recipe.ts';
import { ffmpeg, MediaFolder, probeFile, testSource } from '../containers/media.fixture.ts';
import { silentLog } from '../recorder.fixture.ts';
import { commandOf } from './command.ts';
import { makeOutput } from './make-output.ts';
import type { Source } from './sources.ts';
import { stepOf } from './worker.fixture.ts';

const folder = new MediaFolder();
afterAll(() => folder.remove());
let store: MemoryObjectStore;
beforeEach(() => {
  store = createMemoryObjectStore();
});

const SECONDS = 4;
/** Two of three frames come later than the frame rate says. */
const UNEVEN = [
  '-vf',
  "settb=1/90000,setpts='PTS+1200*mod(N,3)'",
  '-fps_mode',
  'vfr',
  '-enc_time_base',
  '1/90000',
];
const source = async (...args: string[]): Promise<Source & { path: string }> => {
  const codecs = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '0', '-c:a', 'aac'];
  const muxed = ['-video_track_timescale', '90000', '-movflags', 'faststart'];
  const path = folder.generate('mp4', ...testSource(SECONDS), ...args, ...codecs, ...muxed);
  const body = readFileSync(path);
  await store.put('show.mp4', body);
  return { path, format: 'mp4', store, key: 'show.mp4', size: body.length, seconds: SECONDS, adts: false };
};
const transcoded = async (input: Source, given: object) => {
  const { signal } = new AbortController();
  const target = { store, key: 'made', mark: 'm', attempt: 1, signal, log: silentLog() };
  const { key } = await makeOutput(stepOf({ kind: 'transcode', ...given }), [input], target, () => undefined);
  return folder.write('mp4', Buffer.from(store.objects.get(key)?.body ?? ''));
};

describe('A transcode', () => {
  it('encodes as recordings are', () => {
    const media = {
      videoCodec: 'h264',
      width: 1280,
      height: 720,
      framesPerSecond: 25,
      audioCodec: 'aac',
      audioChannels: 6,
    };
    for (const codec of ['h264', 'hevc', 'av1'] as const) {
      const step = stepOf({
        kind: 'transcode',
        video: { codec, bitrateKbps: 800 },
        audio: { codec: 'opus' },
      });
      if (step.kind !== 'transcode' || step.video === undefined) throw new Error('It is none');
      const args = commandOf(step, { url: 'http://x', demuxer: 'mov', media, adts: false }).join(' ');
      const live = encodedVideo({ overlays: [], video: step.video, audioOnly: false }, media, 'usual');
      expect(live).toMatchObject({ codec, height: 720 });
      if (live !== undefined) expect(args).toContain(videoArgs(live, 'usual').join(' '));
      expect(args).toContain(soundArgs({ ...step.audio, channels: 6 }, 0).join(' '));
    }
  });

  it.each([
    ['h264', 'aac'],
    ['hevc', 'aac'],
    ['av1', 'opus'],
  ])('to %s and %s has every frame when it was, and a key frame each second', async (video, audio) => {
    const input = await source(...UNEVEN);
    const given = { video: { codec: video, gopSeconds: 1 }, audio: { codec: audio, bitrateKbps: 64 } };
    const path = await transcoded(input, given);
    const [before, after] = [lookAt(input.path), lookAt(path)];
    expect(after).toMatchObject({ codecs: [audio, video].sort(), pictures: 100, size: [192, 108] });
    expect(after.keyTimes.length).toBeGreaterThanOrEqual(SECONDS);
    after.times.forEach((time, index) => {
      expect(Math.abs(time - (before.times[index] ?? 0))).toBeLessThan(0.001);
    });
    // Of which Apple's players take no other name.
    if (video === 'hevc') {
      expect(probeFile(path).streams).toMatchObject([{ codec_tag_string: 'hvc1' }, {}]);
    }
  });

  it('is no larger than its source, and keeps its shape and at most the frame rate asked for', async () => {
    const input = await source();
    const seen = lookAt(await transcoded(input, { video: { height: 64, framesPerSecond: 12.5 } }));
    expect(seen).toMatchObject({ size: [114, 64], pictures: 50 });
    await store.delete('made.mp4');
    expect(lookAt(await transcoded(input, { video: { height: 1080 } })).size).toEqual([192, 108]);
  });

  it('has a picture also when that comes long after the sound', async () => {
    const path = folder.path('ts');
    const [late, tone] = [testSource(1).slice(0, 4), testSource(9).slice(4)];
    const encoded = ['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac', '-f', 'mpegts'];
    ffmpeg('-itsoffset', '8', ...late, ...tone, ...encoded, '-y', path);
    const body = readFileSync(path);
    await store.put('show/0001-000000.ts', body);
    const lines = [
      '#EXTM3U',
      '#EXT-X-TARGETDURATION:9',
      '#EXTINF:9,',
      'show/0001-000000.ts',
      '#EXT-X-ENDLIST',
      '',
    ];
    await store.put('show.m3u8', Buffer.from(lines.join('\n')));
    const input = { store, key: 'show.m3u8', size: body.length, seconds: 9, adts: true };
    const seen = lookAt(await transcoded({ ...input, format: 'hls' }, { video: {} }));
    expect(seen).toMatchObject({ codecs: ['aac', 'h264'], pictures: 25 });
    expect(seen.first).toBeGreaterThan(7.9);
  });

  it('makes two channels of more', async () => {
    const input = await source(
      '-filter_complex',
      '[1:a]pan=5.1|c0=c0|c1=c0|c2=c0|c3=c0|c4=c0|c5=c0[s]',
      '-map',
      '0:v',
      '-map',
      '[s]',
    );
    const path = await transcoded(input, { audio: { codec: 'opus' } });
    expect(probeFile(path).streams).toMatchObject([{ codec_name: 'opus', channels: 2 }]);
  });
});
