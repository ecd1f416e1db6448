import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import {
  createMemoryObjectStore,
  type MemoryObjectStore,
  storageFault,
} from '../../shared/storage/memory-object-store.ts';
import { createMemoryFiles } from '../../shared/table/files.fixture.ts';
import { cuesKeyOf, latestKeyOf, spriteKeyOf } from '../../shared/thumbnails/sprite.ts';
import { serve, startCapture } from '../capture/capture.fixture.ts';
import { ffmpegArgs, teeOutputs } from '../capture/ffmpeg-args.ts';
import { chunked, ffmpeg, MediaFolder } from '../containers/media.fixture.ts';
import { planOf, recordingOf, silentLog } from '../recorder.fixture.ts';
import { startSink } from '../sink/sink.ts';
import { sizeOfJpeg } from './jpeg.ts';
import { createPictures, type Pictures } from './pictures.ts';
import { Thumbnails } from './thumbnails.ts';

const folder = new MediaFolder();
afterAll(() => folder.remove());

const WIDTH = 160;
const HEIGHT = 90;
const SECONDS = 24;
/** As bright as its time says: 6 steps for each second. */
const brightness = (second: number): number => 30 + 6 * second;
const PICTURE = `nullsrc=s=192x108:r=5:d=${SECONDS},geq=lum='30+6*floor(T)':cb=128:cr=128`;
const CODECS: Record<string, { extension: string; codec: string[] }> = {
  'H.264 with B-frames': {
    extension: 'flv',
    codec: ['-c:v', 'libx264', '-bf', '3', '-preset', 'ultrafast', '-g', '10', '-sc_threshold', '0'],
  },
  HEVC: {
    extension: 'mp4',
    codec: [
      ...['-c:v', 'libx265', '-preset', 'ultrafast'],
      ...['-x265-params', 'log-level=none:keyint=10:min-keyint=10:scenecut=0:open-gop=0'],
    ],
  },
};

const sources = new Map<string, string>();
const sourceOf = (kind: keyof typeof CODECS): string => {
  const known = sources.get(kind) ?? generate(CODECS[kind] ?? { extension: 'flv', codec: [] });
  sources.set(kind, known);
  return known;
};

const generate = ({ extension, codec }: { extension: string; codec: string[] }): string =>
  folder.generate(
    extension,
    ...['-f', 'lavfi', '-i', PICTURE, '-f', 'lavfi', '-i', `sine=d=${SECONDS}`],
    ...['-pix_fmt', 'yuv420p', '-color_range', 'tv', ...codec, '-c:a', 'aac', '-shortest'],
  );

/** What the recorder's ffmpeg writes for thumbnails, by its own arguments. */
const keyFramesOf = (source: string): Buffer => {
  const plan = planOf(
    { aac: { maxMinutes: 30, when: 'always' } },
    { thumbnails: { intervalSeconds: 4, width: WIDTH } },
  );
  const outputs = teeOutputs(plan, 'pipe:', false).split('|').at(-1) ?? '';
  const target = outputs.replace('pipe:/thumbnails', 'pipe\\:1');
  const args = ffmpegArgs(['-i', source], target);
  // The test's ffmpeg brings its own ways of saying what it does.
  return ffmpeg(...args.slice(args.indexOf('-tag:v')));
};

const recording = recordingOf(planOf({ aac: { maxMinutes: 30, when: 'always' } }));

const open = ({
  store = createMemoryObjectStore(),
  // A machine may be so busy that a decoder takes its time.
  pictures = createPictures(60_000),
  intervalSeconds = 4,
} = {}) => {
  const log = silentLog();
  let now = 0;
  const thumbnails = new Thumbnails({
    ...{ recording, store, pictures, log, settings: { intervalSeconds, width: WIDTH } },
    held: async () => undefined,
    monotonicNow: () => {
      now += 60_000;
      return now;
    },
  });
  return { thumbnails, store, log };
};

/** The brightness of a JPEG in the middle of a thumbnail at each of these places, from 16 to 235 as in the source. */
const brightnessAt = (jpeg: Buffer, places: readonly { x: number; y: number }[]): number[] => {
  // Of this layout luma comes first.
  const filter = 'scale=in_range=full:out_range=tv,format=yuv420p';
  const luma = ffmpeg('-i', folder.write('jpg', jpeg), '-vf', filter, '-f', 'rawvideo', 'pipe:1');
  const { width = 0 } = sizeOfJpeg(jpeg) ?? {};
  return places.map(({ x, y }) => luma[(y + HEIGHT / 2) * width + x + WIDTH / 2] ?? 0);
};

const bodyOf = (store: MemoryObjectStore, key: string): Buffer => {
  const object = store.objects.get(key);
  if (object === undefined) throw new Error(`There is no ${key}, only ${[...store.objects.keys()]}`);
  return object.body;
};

const cuesOf = (store: MemoryObjectStore) =>
  [
    ...bodyOf(store, cuesKeyOf(recording))
      .toString()
      .matchAll(/^(\S+) --> (\S+)\n(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)$/gm),
  ].map(([, from = '', to = '', name = '', ...part]) => ({ from, to, name, part: part.map(Number) }));
const secondsOf = (time: string): number => time.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);

describe.each(Object.keys(CODECS))('The thumbnails of %s', (codec) => {
  let keyFrames: Buffer;
  beforeAll(() => {
    keyFrames = keyFramesOf(sourceOf(codec));
  }, 120_000);

  it('show the picture of their time, in a sprite that its cues explain', { timeout: 120_000 }, async () => {
    const { thumbnails, store, log } = open();
    const tap = thumbnails.capture(1, 100);
    for (const chunk of chunked(keyFrames, 188)) {
      tap.push(chunk);
      await thumbnails.idle();
    }
    tap.finish();
    await thumbnails.close();
    expect(log.warn).not.toHaveBeenCalled();
    expect(log.info.mock.lastCall?.[1]).toMatchObject({ made: 6, dropped: 0, failed: 0 });

    const cues = cuesOf(store);
    expect(cues.map(({ from, to }) => [secondsOf(from), secondsOf(to)])).toEqual(
      [0, 4, 8, 12, 16, 20].map((second) => [
        expect.closeTo(100 + second, 1),
        expect.closeTo(104 + second, 1),
      ]),
    );
    const sprite = bodyOf(store, spriteKeyOf(recording, 1, 1));
    expect(sizeOfJpeg(sprite)).toEqual({ width: 5 * WIDTH, height: 2 * HEIGHT });
    const seen = brightnessAt(
      sprite,
      cues.map(({ part: [x = 0, y = 0] }) => ({ x, y })),
    );
    for (const [index, { name, part }] of cues.entries()) {
      expect(spriteKeyOf(recording, 1, 1).endsWith(`/${name}`)).toBe(true);
      expect(part.slice(2)).toEqual([WIDTH, HEIGHT]);
      expect(Math.abs((seen[index] ?? 0) - brightness(4 * index)), `at ${4 * index} s`).toBeLessThanOrEqual(
        5,
      );
    }
    const latest = bodyOf(store, latestKeyOf(recording));
    expect(sizeOfJpeg(latest)).toEqual({ width: WIDTH, height: HEIGHT });
    const [shown = 0] = brightnessAt(latest, [{ x: 0, y: 0 }]);
    expect(Math.abs(shown - brightness(20))).toBeLessThanOrEqual(5);
    // One for each, a sprite, and its cues.
    expect(store.calls.filter(({ operation }) => operation === 'PutObject')).toHaveLength(6 + 2);
    expect(store.objects.get(latestKeyOf(recording))).toMatchObject({
      contentType: 'image/jpeg',
      cacheControl: 'no-cache',
    });
  });
});

/** Pictures without ffmpeg; `size` may change. */
const fakePictures = (size = { height: HEIGHT }) => {
  const made: number[] = [];
  const jpeg = (width: number, height: number): Buffer => {
    const bytes = Buffer.from([0xff, 0xd8, 0xff, 0xc0, 0, 17, 8, 0, 0, 0, 0, 0, 0]);
    bytes.writeUInt16BE(height, 7);
    bytes.writeUInt16BE(width, 9);
    return bytes;
  };
  const pictures: Pictures = {
    thumbnail: async (_, width) => {
      made.push(width);
      return jpeg(width, size.height);
    },
    sprite: async (all) => jpeg(WIDTH, all.length),
  };
  return { pictures, made, size };
};

describe('Thumbnails', () => {
  let keyFrames: Buffer;
  beforeAll(() => {
    keyFrames = keyFramesOf(sourceOf('H.264 with B-frames'));
  }, 120_000);

  const play = async (thumbnails: Thumbnails, capture: number, offset: number): Promise<void> => {
    const tap = thumbnails.capture(capture, offset);
    for (const chunk of chunked(keyFrames, 188)) {
      tap.push(chunk);
      await thumbnails.idle();
    }
    tap.finish();
    await thumbnails.idle();
  };

  it('are kept in sprites, and go on in the same cues with another recorder', async () => {
    const first = open({ ...fakePictures(), intervalSeconds: 2 });
    for (const capture of [1, 2, 3]) await play(first.thumbnails, capture, (capture - 1) * SECONDS);
    // It is killed with 36 of them: 11 were in no sprite yet.
    const { store } = first;
    expect(cuesOf(store)).toHaveLength(25);
    const second = open({ ...fakePictures(), store, intervalSeconds: 2 });
    await play(second.thumbnails, 4, 3 * SECONDS);
    await second.thumbnails.close();
    const cues = cuesOf(store);
    expect(cues).toHaveLength(25 + 12);
    expect(new Set(cues.map(({ name }) => name))).toEqual(
      new Set(['thumbnails-0001-0001.jpg', 'thumbnails-0004-0001.jpg']),
    );
    expect(cues.map(({ from }) => from)).toEqual(cues.map(({ from }) => from).toSorted());
  });

  it('begin a new sprite when the picture gets another size', async () => {
    const fake = fakePictures();
    const { thumbnails, store } = open({ ...fake, intervalSeconds: 2 });
    await play(thumbnails, 1, 0);
    fake.size.height = 120;
    await play(thumbnails, 2, SECONDS);
    await thumbnails.close();
    expect(cuesOf(store).map(({ part }) => part[3])).toEqual([
      ...Array.from({ length: 12 }, () => HEIGHT),
      ...Array.from({ length: 12 }, () => 120),
    ]);
  });

  it('are left out, and counted, while one takes its time', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const fake = fakePictures();
    const slow: Pictures = {
      ...fake.pictures,
      thumbnail: async (...args) => {
        await promise;
        return fake.pictures.thumbnail(...args);
      },
    };
    const { thumbnails, log } = open({ pictures: slow, intervalSeconds: 2 });
    const tap = thumbnails.capture(1, 0);
    tap.push(keyFrames);
    tap.finish();
    resolve();
    await thumbnails.close();
    expect(fake.made).toHaveLength(2);
    expect(log.info.mock.lastCall?.[1]).toMatchObject({ made: 2, dropped: 10 });
  });

  it('are lost with a storage that does not take them, without a word too many', async () => {
    const store = createMemoryObjectStore();
    store.before = ({ operation }) => {
      throw storageFault('unavailable', operation);
    };
    const { thumbnails, log } = open({ ...fakePictures(), store, intervalSeconds: 2 });
    await play(thumbnails, 1, 0);
    await thumbnails.close();
    expect(log.warn).toHaveBeenCalledOnce();
    expect(log.info.mock.lastCall?.[1]).toMatchObject({ made: 12, failed: 13 });
  });
});

describe('A capture with thumbnails', { timeout: 60_000 }, () => {
  /** Captures all of a file, which must be recorded as if there were none. */
  const capture = async (path: string) => {
    const sink = await startSink();
    const port = await serve((_, response) => void response.end(readFileSync(path)));
    onTestFinished(() => sink.close());
    const { thumbnails, store } = open();
    const files = createMemoryFiles();
    const running = startCapture(sink, port, {
      files,
      // A machine that is busy may be long in opening the stream: its session has not ended before.
      session: async () => ((await files.list('rec_1')).length === 0 ? 'live' : 'ended'),
      thumbnails: thumbnails.capture(1, 0),
    });
    expect(await running.outcome).toMatchObject({
      reason: { code: 'session-ended', text: 'The stream ended.' },
    });
    await thumbnails.close();
    return { store, states: (await files.list('rec_1')).map(({ state }) => state) };
  };

  it('records all that it would without them', async () => {
    const { store, states } = await capture(sourceOf('H.264 with B-frames'));
    expect(states).toEqual(Array(4).fill('ready'));
    // All came at once, so some are left out: the latest one is still one of those that were due.
    const [seen = 0] = brightnessAt(bodyOf(store, latestKeyOf(recording)), [{ x: 0, y: 0 }]);
    const nearest = [0, 4, 8, 12, 16, 20].map((second) => Math.abs(seen - brightness(second)));
    expect(Math.min(...nearest)).toBeLessThanOrEqual(5);
  });

  it('makes none of a stream without a picture, and loses nothing of it', async () => {
    const sound = folder.generate('flv', '-f', 'lavfi', '-i', 'sine=d=4', '-c:a', 'aac');
    const { store } = await capture(sound);
    expect(store.calls).toEqual([]);
  });
});
