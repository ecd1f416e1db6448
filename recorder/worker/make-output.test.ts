import { readFileSync } from 'node:fs';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { parsePlaylist } from '../../shared/hls/parse-playlist.ts';
import type { WorkerStep } from '../../shared/post-processing/step-kinds.ts';
import {
  createMemoryObjectStore,
  type MemoryObjectStore,
  storageFault,
} from '../../shared/storage/memory-object-store.ts';
import { flawlessFrames, MediaFolder, packets, probeFile, videoFrames } from '../containers/media.fixture.ts';
import { silentLog } from '../recorder.fixture.ts';
import { earlierOutput } from './earlier-output.ts';
import { makeOutput } from './make-output.ts';
import type { OutputTarget } from './outputs.ts';
import { secondsOf } from './seconds-of.ts';
import type { Source } from './sources.ts';
import { createSources, stepOf } from './worker.fixture.ts';

const folder = new MediaFolder();
afterAll(() => folder.remove());
const sources = createSources(folder);
let store: MemoryObjectStore;
beforeEach(() => {
  store = createMemoryObjectStore();
});

const target = (attempt = 1, signal = new AbortController().signal): OutputTarget => ({
  ...{ store, key: 'show-made', mark: 'rec_1/run_1/made', attempt, signal, log: silentLog() },
});
const make = async (step: WorkerStep, input: readonly Source[], at = target()) =>
  (await earlierOutput(step, at, async () => secondsOf(step, input))) ??
  makeOutput(step, input, at, () => undefined);
/** What is stored under a key, as a file. */
const stored = (key: string): string => {
  const body = store.objects.get(key)?.body;
  if (body === undefined) throw new Error(`There is no ${key}, only ${[...store.objects.keys()].join(', ')}`);
  return folder.write(key.split('.').at(-1) ?? '', Buffer.from(body));
};
/** An HLS output as one file of MPEG-TS. */
const storedHls = (key: string): string => {
  const playlist = parsePlaylist(String(store.objects.get(key)?.body));
  const base = key.slice(0, key.lastIndexOf('/') + 1);
  const segments = playlist?.segments.map(
    ({ uri }) => store.objects.get(base + uri)?.body ?? Buffer.alloc(0),
  );
  return folder.write('ts', Buffer.concat(segments ?? []));
};

describe('remux', () => {
  it('makes of HLS an MP4 with every frame and packet, that can be seeked in', async () => {
    const source = await sources.hls(store, 'show.m3u8', 7);
    const made = await make(stepOf({ kind: 'remux', format: 'mp4' }), [source]);
    const path = stored('show-made.mp4');
    expect(made).toMatchObject({ format: 'mp4', key: 'show-made.mp4', objects: 1 });
    expect(made.durationSeconds).toBeCloseTo(7, 0);
    expect(made.sizeBytes).toBe(store.objects.get('show-made.mp4')?.body.length);
    expect(flawlessFrames(path)).toEqual(videoFrames(sources.original(7)));
    expect(packets(path, 'a')).toHaveLength(packets(sources.original(7), 'a').length);
    expect(store.objects.get('show-made.mp4')?.body.indexOf('moov')).toBeLessThan(100);
    expect(store.uploads.size).toBe(0);
  });

  it('goes on behind a discontinuity', async () => {
    const source = await sources.hls(store, 'show.m3u8', 5, true);
    const made = await make(stepOf({ kind: 'remux', format: 'mp4' }), [source]);
    expect(made.durationSeconds).toBeCloseTo(10, 0);
    const once = videoFrames(sources.original(5));
    expect(flawlessFrames(stored('show-made.mp4'))).toEqual([...once, ...once]);
  });

  it('makes of MP4 and FLV HLS with every frame', async () => {
    for (const format of ['mp4', 'flv'] as const) {
      store = createMemoryObjectStore();
      const source = await sources.file(store, format, `show.${format}`, 7);
      const made = await make(stepOf({ kind: 'remux', format: 'hls', segmentSeconds: 2 }), [source]);
      expect(made).toMatchObject({ key: 'show-made.m3u8', objects: 5 });
      expect(videoFrames(storedHls('show-made.m3u8'))).toEqual(videoFrames(sources.original(7)));
      expect(String(store.objects.get('show-made.m3u8')?.body)).toContain('#EXT-X-ENDLIST');
    }
  });

  it('takes the sound out', async () => {
    const source = await sources.hls(store, 'show.m3u8', 7);
    await make(stepOf({ kind: 'remux', format: 'aac' }), [source]);
    const { streams } = probeFile(stored('show-made.aac'));
    expect(streams.map(({ codec_name }) => codec_name)).toEqual(['aac']);
    expect(packets(stored('show-made.aac'), 'a')).toHaveLength(packets(sources.original(7), 'a').length);
  });
});

describe('concat', () => {
  it.each(['hls', 'mp4', 'flv'] as const)('joins files of %s', async (format) => {
    const parts = [];
    for (const number of [1, 2]) {
      const key = `show-${number}.${format === 'hls' ? 'm3u8' : format}`;
      parts.push(
        format === 'hls' ? await sources.hls(store, key, 5) : await sources.file(store, format, key, 5),
      );
    }
    const made = await make(stepOf({ kind: 'concat' }), parts);
    expect(made.durationSeconds).toBeCloseTo(10, 0);
    const once = videoFrames(sources.original(5));
    expect(flawlessFrames(stored('show-made.mp4'))).toEqual([...once, ...once]);
  });
});

describe('clip', () => {
  it.each(['hls', 'mp4'] as const)('of %s begins at the key frame before', async (format) => {
    const source =
      format === 'hls'
        ? await sources.hls(store, 'show.m3u8', 7)
        : await sources.file(store, 'mp4', 'show.mp4', 7);
    const made = await make(stepOf({ kind: 'clip', fromSeconds: 3.5, toSeconds: 5 }), [source]);
    const frames = flawlessFrames(stored('show-made.mp4'));
    const all = videoFrames(sources.original(7));
    // A key frame each second: from 3 s, a quarter of a frame more or less, to 5 s.
    expect(frames.slice(0, 48)).toEqual(all.slice(75, 123));
    expect(frames.length).toBeLessThanOrEqual(52);
    expect(made.durationSeconds).toBeGreaterThan(1.9);
    expect(made.durationSeconds).toBeLessThan(2.2);
  });

  it('cannot begin behind the end', async () => {
    const source = await sources.hls(store, 'show.m3u8', 5);
    const clip = make(stepOf({ kind: 'clip', fromSeconds: 30, toSeconds: 35 }), [source]);
    await expect(clip).rejects.toMatchObject({ final: true, reason: { code: 'input-unsuitable' } });
  });
});

describe('transcode', () => {
  it('encodes anew, no larger than the source', async () => {
    const source = await sources.hls(store, 'show.m3u8', 5);
    const step = stepOf({
      kind: 'transcode',
      video: { height: 64, gopSeconds: 1 },
      audio: { bitrateKbps: 32 },
    });
    const made = await make(step, [source]);
    expect(made.durationSeconds).toBeCloseTo(5, 0);
    const { streams } = probeFile(stored('show-made.mp4'));
    expect(streams).toMatchObject([{ codec_name: 'h264', height: 64 }, { codec_name: 'aac' }]);
    expect(flawlessFrames(stored('show-made.mp4'))).toHaveLength(125);
  });
});

describe('thumbnails', () => {
  it('are JPEGs of key frames, and a list of when they are shown', async () => {
    const source = await sources.hls(store, 'show.m3u8', 7);
    const made = await make(stepOf({ kind: 'thumbnails', everySeconds: 2, width: 64 }), [source]);
    expect(made).toMatchObject({ format: 'images', key: 'show-made.vtt', objects: 5 });
    expect(probeFile(stored('show-made/0001-000000.jpg')).streams).toMatchObject([
      { codec_name: 'mjpeg', width: 64 },
    ]);
    const list = String(store.objects.get('show-made.vtt')?.body);
    expect(list.split('\n').filter((line) => line.includes('-->'))).toEqual([
      '00:00:00.000 --> 00:00:02.000',
      '00:00:02.000 --> 00:00:04.000',
      '00:00:04.000 --> 00:00:06.000',
      expect.stringMatching(/^00:00:06.000 --> 00:00:07.0\d\d$/),
    ]);
  });

  it('cannot be made of sound', async () => {
    const source = await sources.file(store, 'aac', 'show.aac', 5);
    const made = make(stepOf({ kind: 'thumbnails' }), [source]);
    await expect(made).rejects.toMatchObject({ final: true, reason: { code: 'input-unsuitable' } });
  });
});

describe('An output', () => {
  const remux = stepOf({ kind: 'remux', format: 'mp4' });

  it('that an earlier try has made is found again, and made no second time', async () => {
    const source = await sources.hls(store, 'show.m3u8', 5);
    const first = await make(remux, [source]);
    const { body } = store.objects.get('show-made.mp4') ?? {};
    const before = store.calls.length;
    const again = await make(remux, [source], target(2));
    expect(again).toMatchObject({ key: first.key, sizeBytes: first.sizeBytes });
    expect(again.durationSeconds).toBeCloseTo(first.durationSeconds, 0);
    expect(store.objects.get('show-made.mp4')?.body).toBe(body);
    const operations = store.calls.slice(before).map(({ operation }) => operation);
    expect(operations).toEqual(['ListMultipartUploads', 'HeadObject']);
  });

  it('appears once when two make it at the same time', async () => {
    const source = await sources.hls(store, 'show.m3u8', 5);
    const made = await Promise.all([make(remux, [source]), make(remux, [source])]);
    expect(made[0]).toEqual(made[1]);
    expect([...store.objects.keys()].filter((key) => key.startsWith('show-made'))).toEqual(['show-made.mp4']);
    expect(store.uploads.size).toBe(0);
  });

  it('does not take the place of something else', async () => {
    await store.put('show-made.mp4', Buffer.from('mine'));
    const source = await sources.hls(store, 'show.m3u8', 5);
    await expect(make(remux, [source])).rejects.toMatchObject({ reason: { code: 'output-taken' } });
    expect(String(store.objects.get('show-made.mp4')?.body)).toBe('mine');
  });

  it('of HLS lists only what one try has made, and the rest is removed', async () => {
    const source = await sources.file(store, 'mp4', 'show.mp4', 7);
    const hls = stepOf({ kind: 'remux', format: 'hls', segmentSeconds: 2 });
    const lost = new AbortController();
    store.after = async ({ key }) => {
      if (key.endsWith('-000001.ts')) lost.abort();
    };
    const killed = make(hls, [source], {
      ...target(1, lost.signal),
      store: { ...store, deleteMany: async () => undefined },
    });
    await expect(killed).rejects.toThrow();
    store.after = undefined;
    expect([...store.objects.keys()].some((key) => key.startsWith('show-made/0001-'))).toBe(true);
    await make(hls, [source], target(2));
    expect([...store.objects.keys()].filter((key) => key.startsWith('show-made/0001-'))).toEqual([]);
    expect(videoFrames(storedHls('show-made.m3u8'))).toEqual(videoFrames(sources.original(7)));
  });

  it('leaves no open upload behind, whoever began it', async () => {
    const source = await sources.hls(store, 'show.m3u8', 5);
    await store.createUpload('show-made.mp4', 'video/mp4');
    await make(remux, [source], target(2));
    expect(store.uploads.size).toBe(0);
  });

  it('leaves no upload behind of which only the answer was lost', async () => {
    const noise = 'color=gray:s=320x180:r=25:d=6,noise=alls=100:allf=t';
    const encoded = '-c:v libx264 -preset ultrafast -pix_fmt yuv420p -qp 4 -g 25 -an'.split(' ');
    const path = folder.generate('ts', '-f', 'lavfi', '-i', noise, ...encoded);
    await store.put('loud/0001-000000.ts', readFileSync(path));
    const lines = [
      '#EXTM3U',
      '#EXT-X-TARGETDURATION:6',
      '#EXTINF:6,',
      'loud/0001-000000.ts',
      '#EXT-X-ENDLIST',
      '',
    ];
    await store.put('loud.m3u8', Buffer.from(lines.join('\n')));
    const source: Source = { format: 'hls', store, key: 'loud.m3u8', size: 20 * 1024 * 1024, seconds: 6 };
    let begun = 0;
    // The SDK sends again by itself what is not answered.
    store.before = async ({ operation, key }) => {
      if (operation !== 'CreateMultipartUpload') return;
      begun += 1;
      if (begun === 1) await store.createUpload(key, 'video/mp4');
    };
    await make(remux, [source]);
    store.before = undefined;
    expect(begun).toBe(2);
    expect(store.uploads.size).toBe(0);
  });

  it('of an input that cannot be read to its end does not appear', async () => {
    const source = await sources.hls(store, 'show.m3u8', 5);
    await store.delete('show/0001-000001.ts');
    // It may have been brought home: another try may find it.
    const made = make(remux, [source]);
    await expect(made).rejects.toMatchObject({ final: false, reason: { code: 'input-missing' } });
    expect(store.objects.has('show-made.mp4')).toBe(false);
  });
});

describe('An output of HLS', () => {
  const hls = stepOf({ kind: 'remux', format: 'hls', segmentSeconds: 2 });
  /** URIs that the playlist lists, and that are not there. */
  const missing = (): string[] => {
    const playlist = parsePlaylist(String(store.objects.get('show-made.m3u8')?.body));
    if (playlist === undefined) throw new Error('There is no playlist');
    return playlist.segments.map(({ uri }) => uri).filter((uri) => !store.objects.has(uri));
  };
  const segments = (): string[] => [...store.objects.keys()].filter((key) => key.startsWith('show-made/'));

  it('loses no segment to another step that wants the same place', async () => {
    const source = await sources.file(store, 'mp4', 'show.mp4', 7);
    await make(hls, [source]);
    const before = segments();
    const other = make(hls, [source], { ...target(), mark: 'rec_2/run_1/made' });
    await expect(other).rejects.toMatchObject({ final: true, reason: { code: 'output-taken' } });
    expect(missing()).toEqual([]);
    expect(segments()).toEqual(before);
  });

  it('is whole when another try has begun before this one has come to its end', async () => {
    const source = await sources.file(store, 'mp4', 'show.mp4', 7);
    const [atItsEnd, begun] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const reached: string[] = [];
    store.before = async ({ operation, key }) => {
      if (operation !== 'PutObject') return;
      reached.push(key);
      if (key === 'show-made.m3u8' && reached.filter((one) => one === key).length === 1) {
        atItsEnd.resolve();
        await begun.promise;
      }
      if (key.endsWith('/0002-000001.ts')) begun.resolve();
    };
    const first = make(hls, [source], target(1));
    await atItsEnd.promise;
    const second = make(hls, [source], target(2));
    const made = await Promise.all([first, second]);
    expect(made[0]).toEqual(made[1]);
    expect(missing()).toEqual([]);
    expect(segments()).toHaveLength(made[0].objects - 1);
  });

  it.each([
    ['what earlier tries left cannot be listed', 'ListObjectsV2', 'before'],
    ['the answer to its playlist is lost', 'PutObject', 'after'],
  ] as const)('is not taken back when %s', async (_, operation, when) => {
    const source = await sources.file(store, 'mp4', 'show.mp4', 5);
    const lost = new AbortController();
    store[when] = (call) => {
      if (call.operation !== operation || !store.objects.has('show-made.m3u8')) return;
      if (when === 'after') lost.abort();
      throw storageFault('unavailable', operation, 'SlowDown');
    };
    await make(hls, [source], target(2, lost.signal)).catch((error: unknown) => {
      if (!lost.signal.aborted) throw error;
    });
    expect(missing()).toEqual([]);
    store[when] = undefined;
    const again = await make(hls, [source], target(3));
    expect(missing()).toEqual([]);
    expect(again.objects).toBe(segments().length + 1);
  });

  it('is made anew when segments of the one that is there are gone', async () => {
    const source = await sources.file(store, 'mp4', 'show.mp4', 5);
    await make(hls, [source]);
    await store.delete('show-made/0001-000001.ts');
    await make(hls, [source], target(2));
    expect(missing()).toEqual([]);
    expect(videoFrames(storedHls('show-made.m3u8'))).toEqual(videoFrames(sources.original(5)));
  });
});

describe('Pictures', () => {
  const pictures = stepOf({ kind: 'thumbnails', everySeconds: 1, width: 64 });

  it('do not take the place of those of another step', async () => {
    const source = await sources.hls(store, 'show.m3u8', 3);
    await make(pictures, [source]);
    const before = store.objects.get('show-made/0001-000000.jpg');
    const wider = stepOf({ kind: 'thumbnails', everySeconds: 1, width: 32 });
    const other = make(wider, [source], { ...target(), mark: 'rec_2/run_1/made' });
    await expect(other).rejects.toMatchObject({ final: true, reason: { code: 'output-taken' } });
    expect(store.objects.get('show-made/0001-000000.jpg')).toBe(before);
  });

  it('are those of the try that lists them, however damaged those of an earlier one are', async () => {
    const source = await sources.hls(store, 'show.m3u8', 3);
    const lost = new AbortController();
    const damaging: MemoryObjectStore = {
      ...store,
      put: async (key, body, options) => {
        const image = Buffer.isBuffer(body) && key.endsWith('.jpg') ? body.subarray(0, 100) : body;
        const etag = await store.put(key, image, options);
        if (key.endsWith('000001.jpg')) lost.abort();
        return etag;
      },
      deleteMany: async () => undefined,
    };
    const killed = make(pictures, [source], { ...target(1, lost.signal), store: damaging });
    await expect(killed).rejects.toThrow();
    expect([...store.objects.values()].some(({ body }) => body.length === 100)).toBe(true);
    const made = await make(pictures, [source], target(2));
    const there = [...store.objects].filter(([key]) => key.startsWith('show-made'));
    expect(there.map(([, { body }]) => body.length)).not.toContain(100);
    expect(made.objects).toBe(4);
    expect(there).toHaveLength(4);
    expect(made.sizeBytes).toBe(there.reduce((sum, [, { body }]) => sum + body.length, 0));
    const listed = [...String(store.objects.get('show-made.vtt')?.body).matchAll(/^\S+\.jpg$/gm)].map(String);
    expect(listed.filter((uri) => !store.objects.has(uri))).toEqual([]);
    expect(listed).toHaveLength(3);
    expect(await make(pictures, [source], target(3))).toEqual(made);
  });
});
