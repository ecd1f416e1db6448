import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WorkerStep } from '../../shared/post-processing/step-kinds.ts';
import { createMemoryObjectStore, type MemoryObjectStore } from '../../shared/storage/memory-object-store.ts';
import { lookAt } from '../capture/look-at.fixture.ts';
import { MediaFolder, testSource } from '../containers/media.fixture.ts';
import { silentLog } from '../recorder.fixture.ts';
import { makeOutput } from './make-output.ts';
import type { Source } from './sources.ts';
import { createSources, stepOf } from './worker.fixture.ts';

const folder = new MediaFolder();
afterAll(() => folder.remove());
const sources = createSources(folder);
let store: MemoryObjectStore;
beforeEach(() => {
  store = createMemoryObjectStore();
});

const make = (step: WorkerStep, input: readonly Source[]) => {
  const { signal } = new AbortController();
  return makeOutput(
    step,
    input,
    { store, key: 'made', mark: 'm', attempt: 1, signal, log: silentLog() },
    () => undefined,
  );
};
const made = (key: string): string =>
  folder.write(key.slice(key.lastIndexOf('.') + 1), Buffer.from(store.objects.get(key)?.body ?? ''));
const remux = stepOf({ kind: 'remux', format: 'mp4' });
const UNSUITABLE = { final: true, reason: { code: 'input-unsuitable' } };

const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac'];
const mp4 = async (key: string, ...args: string[]): Promise<Source> => {
  const path = folder.generate('mp4', ...args, '-movflags', 'faststart');
  const body = readFileSync(path);
  await store.put(key, body);
  return { format: 'mp4', store, key, size: body.length, seconds: 2, adts: false };
};

describe('What stands in place of media in a bucket', () => {
  let server: Server;
  let asked: string[];
  let url: string;
  beforeEach(async () => {
    asked = [];
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.writeHead(404).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/internal.ts`;
  });
  afterEach(() => void server.close());

  const texts = () => [
    `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n${url}\n#EXT-X-ENDLIST\n`,
    `ffconcat version 1.0\nfile '${url}'\n`,
  ];

  it.each([
    ['the first segment', '0001-000000.ts', false],
    ['the first segment behind a discontinuity', '0002-000000.ts', true],
  ])('sends nobody anywhere in place of %s', async (_, name, tears) => {
    const source = await sources.hls(store, 'show.m3u8', 3, tears);
    for (const text of texts()) {
      await store.put(`show/${name}`, Buffer.from(text));
      await make(remux, [source]).catch(() => undefined);
    }
    expect(asked).toEqual([]);
  });

  it.each(['mp4', 'flv', 'aac'] as const)('sends nobody anywhere in place of %s', async (format) => {
    const source = await sources.file(store, format, `show.${format}`, 3);
    const step = stepOf(format === 'aac' ? { kind: 'concat', format } : { kind: 'remux', format: 'hls' });
    for (const text of texts()) {
      await store.put(source.key, Buffer.from(text));
      const short = { ...source, size: text.length };
      await expect(make(step, [short])).rejects.toThrow();
      await expect(make(step, [short, short])).rejects.toThrow();
    }
    expect(asked).toEqual([]);
  });
});

describe('Files that are joined', () => {
  const concat = stepOf({ kind: 'concat' });

  it('are refused when their codecs differ, with the way out', async () => {
    const one = await mp4('1.mp4', ...testSource(2), ...H264);
    const params = ['-x265-params', 'log-level=error'];
    const two = await mp4('2.mp4', ...testSource(2), '-c:v', 'libx265', '-preset', 'ultrafast', ...params);
    const joined = make(concat, [one, two]);
    await expect(joined).rejects.toMatchObject(UNSUITABLE);
    await expect(joined).rejects.toThrow(/h264 .*hevc .*transcode/);
    expect(store.objects.has('made.mp4')).toBe(false);
  });

  it('are refused when only some have sound', async () => {
    const one = await mp4('1.mp4', ...testSource(2), ...H264, '-an');
    const two = await mp4('2.mp4', ...testSource(2), ...H264);
    await expect(make(concat, [one, two])).rejects.toThrow(/no sound/);
  });

  it('may differ in size, of which each tells anew', async () => {
    const one = await mp4('1.mp4', ...testSource(2), ...H264);
    const two = await mp4('2.mp4', ...testSource(2), '-vf', 'scale=96:54', ...H264);
    await make(concat, [one, two]);
    expect(lookAt(made('made.mp4'))).toMatchObject({ pictures: 100 });
    await store.delete('made.mp4');
    await make(stepOf({ kind: 'transcode', video: {} }), [one, two]);
    expect(lookAt(made('made.mp4'))).toMatchObject({ pictures: 100, size: [192, 108] });
  });
});

describe('A recording', () => {
  it('whose codec changes behind a discontinuity is refused', async () => {
    const source = await sources.hls(store, 'show.m3u8', 3, true);
    const params = ['-x265-params', 'log-level=error', '-f', 'mpegts'];
    const path = folder.generate(
      'ts',
      ...testSource(3),
      '-c:v',
      'libx265',
      '-preset',
      'ultrafast',
      ...params,
    );
    await store.put('show/0002-000000.ts', readFileSync(path));
    await expect(make(remux, [source])).rejects.toThrow(/h264 .*hevc /);
  });

  it('of AV1 is not written into HLS as something that nobody can play', async () => {
    const source = await mp4('1.mp4', ...testSource(2), '-c:v', 'libsvtav1', '-preset', '12', '-c:a', 'aac');
    const hls = make(stepOf({ kind: 'remux', format: 'hls' }), [source]);
    await expect(hls).rejects.toMatchObject(UNSUITABLE);
    await expect(hls).rejects.toThrow('hls cannot hold av1');
  });

  it('of Opus is refused at once where AAC is made of it', async () => {
    const source = await mp4('1.mp4', ...testSource(2), ...H264, '-c:a', 'libopus');
    await expect(make(stepOf({ kind: 'remux', format: 'aac' }), [source])).rejects.toMatchObject(UNSUITABLE);
  });

  it('of which the beginning says enough is read on from there', async () => {
    // More than is read ahead of ffmpeg, which hangs up as soon as it knows.
    const noise = 'nullsrc=s=640x360:r=25:d=4,geq=random(1)*255:128:128';
    const source = await mp4(
      '1.mp4',
      '-f',
      'lavfi',
      '-i',
      noise,
      '-c:v',
      'libx264',
      '-preset',
      'ultrafast',
      '-qp',
      '8',
    );
    expect(source.size).toBeGreaterThan(8e6);
    await make(stepOf({ kind: 'remux', format: 'hls' }), [source]);
    expect(store.objects.has('made.m3u8')).toBe(true);
  });
});
