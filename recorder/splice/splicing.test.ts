import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parsePlaylist } from '../../shared/hls/parse-playlist.ts';
import type { Reason } from '../../shared/schemas/recording.ts';
import type { StandbyContent } from '../../shared/schemas/standby-content.ts';
import type { Formats } from '../../shared/schemas/template.ts';
import { type Encoding, videoEncodingSchema } from '../../shared/schemas/transcode.ts';
import { createMemoryObjectStore } from '../../shared/storage/memory-object-store.ts';
import { createMemoryFiles } from '../../shared/table/files.fixture.ts';
import { joinedSegments, serve, startCapture } from '../capture/capture.fixture.ts';
import { carriesNothing } from '../capture/carried.ts';
import { flashAndBeep, lumaOf, meanOf, momentsOf, type Part } from '../capture/flashes.fixture.ts';
import type { LoadImages, Making } from '../capture/making.ts';
import { MediaFolder, packetTimes, probeFile } from '../containers/media.fixture.ts';
import { silentLog } from '../recorder.fixture.ts';
import { type Sink, startSink } from '../sink/sink.ts';
import { Clips } from './clips.ts';
import { Splicing } from './splicing.ts';

const SLOW = { timeout: 120_000 };
const FORMATS: Formats = {
  hls: { segmentSeconds: 2, resumptionTimeout: 60 },
  mp4: { maxMinutes: 30 },
  flv: { maxMinutes: 30 },
  aac: { maxMinutes: 30, when: 'always' },
};
const ENCODING: Encoding = {
  overlays: [],
  video: videoEncodingSchema.parse({ gopSeconds: 2, crf: 23 }),
  audio: { codec: 'aac', bitrateKbps: 128 },
  audioOnly: false,
};

const folder = new MediaFolder();
let sink: Sink;
let first: string;
let second: string;
let slate: string;

beforeAll(async () => {
  sink = await startSink();
  first = flashAndBeep(folder, 'flv', 4);
  second = flashAndBeep(folder, 'ts', 5);
  // Neither dark nor bright, and of another shape.
  slate = folder.generate('png', '-f', 'lavfi', '-i', 'color=red:s=100x100', '-frames:v', '1');
}, 60_000);
afterAll(async () => {
  await sink.close();
  folder.remove();
});

const CONTENT: StandbyContent = { key: 'standby/1', sha256: 'ab'.repeat(32), contentType: 'image/png' };

interface Pushed {
  readonly bytes: Buffer;
  readonly extension: string;
  /** A format of what is made of it that cannot be read any further; the stream goes on until its capture ends. */
  readonly broken?: string;
}

interface Scene {
  readonly streams: readonly Pushed[];
  readonly gapSeconds: number;
  readonly encoding?: Encoding;
  readonly formats?: Formats;
  readonly content?: StandbyContent;
  readonly images?: LoadImages;
  /** Why each capture ends. */
  readonly reasons?: readonly string[];
}

/** Streams one after the other, with gaps between them that the clock knows of. */
const play = async (scene: Scene) => {
  const { streams, gapSeconds, encoding = ENCODING, formats = FORMATS, content = CONTENT } = scene;
  const [troubles, log, making] = [[] as Reason[], silentLog(), { feeds: false, effort: 'usual' } as Making];
  const begunAt = performance.now();
  let passed = 0;
  const splicing = new Splicing({
    ...{ recordId: 'rec_1', content, sink, log },
    clips: new Clips(scene.images ?? (async () => [{ path: slate, demuxer: 'png_pipe' }])),
    monotonicNow: () => performance.now() + passed,
    onTrouble: (reason) => troubles.push(reason),
  });
  const [files, store, taken] = [createMemoryFiles(), createMemoryObjectStore(), new Set<string>()];
  const carried = carriesNothing();
  const left = [...streams];
  const port = await serve((_, response) => {
    const { bytes, broken } = left.shift() ?? {};
    response.write(bytes ?? '');
    if (broken === undefined) response.end();
  });
  const shared = { files, store, taken, carried, splicing, making, formats, encoding, waits: true };
  let running: ReturnType<typeof startCapture> | undefined;
  for (const [index, { extension, broken }] of streams.entries()) {
    const path = `{stream}.${extension}`;
    const session = broken === undefined ? undefined : async () => 'live' as const;
    running = startCapture(sink, port, { ...shared, capture: index + 1, path, session });
    if (broken !== undefined) {
      await running.started;
      const tape = await splicing.open(making.effort, carried, () => Promise.reject(new Error('It is open')));
      tape?.broken(broken);
    }
    expect((await running.outcome).reason.code).toBe(scene.reasons?.[index] ?? 'session-ended');
    passed += gapSeconds * 1000;
    // As long as it is away, there is time for that.
    const isReady = () => splicing.outgrown?.aborted !== false || splicing.goesOnWith(making.effort);
    await vi.waitFor(() => expect(isReady()).toBe(true), 60_000);
  }
  if (running === undefined) throw new Error('There was no stream');
  const closed = splicing.release(carried)?.close(undefined, 'ended');
  await closed;
  const lastedSeconds = (performance.now() - begunAt) / 1000;
  return { running, troubles, isOpen: closed !== undefined, log, lastedSeconds };
};

const statesOf = async ({ files }: ReturnType<typeof startCapture>): Promise<string[]> =>
  (await files.list('rec_1')).map(({ format, state }) => `${format} ${state}`).sort();

/** Mean red difference of each picture: 128 is grey. */
const rednessOf = (path: string): number[] => {
  const filter = 'crop=60:60:130:60,signalstats,metadata=print:key=lavfi.signalstats.VAVG:file=-';
  const printed = execFileSync('ffmpeg', ['-v', 'error', '-i', path, '-vf', filter, '-f', 'null', '-']);
  return [...printed.toString().matchAll(/VAVG=([\d.]+)/g)].map(([, mean]) => Number(mean));
};

describe('A stream that comes back in time', SLOW, () => {
  it('goes on in the same files, with standby content in between, from its first key frame on', async () => {
    const bytes = readFileSync(second);
    const { running, troubles, lastedSeconds } = await play({
      // It begins in the middle of a group of pictures.
      streams: [
        { bytes: readFileSync(first), extension: 'flv' },
        { bytes: bytes.subarray(188 * Math.round(bytes.length / 188 / 12)), extension: 'ts' },
      ],
      gapSeconds: 7,
    });
    expect(troubles).toEqual([]);
    expect(await statesOf(running)).toEqual(['aac ready', 'flv ready', 'hls ready', 'mp4 ready']);
    expect(running.object('.m3u8').toString()).not.toContain('DISCONTINUITY');
    expect(parsePlaylist(running.object('.m3u8').toString())?.ended).toBe(true);
    const ts = folder.write('ts', joinedSegments(running));
    for (const path of [
      folder.write('mp4', running.object('.mp4')),
      folder.write('flv', running.object('.flv')),
      ts,
    ]) {
      const [times, redness, pictures] = [packetTimes(path, 'v'), rednessOf(path), lumaOf(path)];
      const meanIn = (index: number, part: Part) => meanOf(pictures[index] ?? Buffer.alloc(0), part);
      const isSlate = redness.map((mean) => mean > 200);
      const [begin, end] = [isSlate.indexOf(true), isSlate.lastIndexOf(true) + 1];
      // All of the first, nothing but standby content in between, and all of the second from its next key frame on.
      expect(begin, path).toBe(100);
      expect(isSlate.slice(begin, end).every(Boolean), path).toBe(true);
      expect(times.length - end, path).toBe(100);
      expect(meanIn(end, { width: 60, height: 60, x: 130, y: 60 }), path).toBeGreaterThan(120);
      const gap = (times[end] ?? 0) - (times[begin] ?? 0);
      expect(gap, path).toBeGreaterThan(6.8);
      expect(gap, path).toBeLessThan(7 + lastedSeconds);
      const steps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
      expect(Math.max(...steps), path).toBeLessThan(0.06);
      // Bars beside the picture, which has another shape.
      expect(meanIn(begin + 5, { width: 40, height: 180, x: 0, y: 0 }), path).toBeLessThan(20);
      const { flashes, beeps } = momentsOf(path);
      expect(flashes, path).toHaveLength(8);
      expect(beeps, path).toHaveLength(8);
      for (const [index, flash] of flashes.entries())
        expect(Math.abs(flash - (beeps[index] ?? 0)), `${path} ${index}`).toBeLessThan(0.04);
    }
  });

  it('leaves nothing of standby content behind when it does not come back', async () => {
    const { running, isOpen } = await play({
      streams: [{ bytes: readFileSync(first), extension: 'flv' }],
      gapSeconds: 7,
    });
    expect(isOpen).toBe(true);
    const path = folder.write('mp4', running.object('.mp4'));
    expect(packetTimes(path, 'v')).toHaveLength(100);
    expect(Math.max(...rednessOf(path))).toBeLessThan(140);
    expect(await statesOf(running)).toEqual(['aac ready', 'flv ready', 'hls ready', 'mp4 ready']);
  });

  it('has no standby content where so much was sent at once that the files are ahead of the clock', async () => {
    const [before, after] = [readFileSync(first), readFileSync(second)];
    const { running } = await play({
      streams: [
        { bytes: before, extension: 'flv' },
        { bytes: readFileSync(flashAndBeep(folder, 'flv', 20)), extension: 'flv' },
        { bytes: after, extension: 'ts' },
      ],
      gapSeconds: 7,
      formats: { mp4: { maxMinutes: 30 } },
    });
    const path = folder.write('mp4', running.object('.mp4'));
    const isSlate = rednessOf(path).map((mean) => mean > 200);
    const [begin, end] = [isSlate.indexOf(true), isSlate.lastIndexOf(true) + 1];
    expect(end - begin).toBeGreaterThan(6.8 * 25);
    // The other 20 s are more than the second time that it was away.
    expect({ begin, after: isSlate.length - end }).toEqual({ begin: 100, after: 500 + 125 });
  });

  it('has a video with its sound in the gap, over and over', async () => {
    // 4 s with a beep at their beginning.
    const loop = folder.generate(
      'mp4',
      ...['-f', 'lavfi', '-i', 'color=red:s=320x180:r=10:d=4'],
      ...['-f', 'lavfi', '-i', "aevalsrc='if(lt(t,0.04),sin(6283*t),0)':s=44100:d=4"],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac'],
    );
    const { running, troubles } = await play({
      streams: [
        { bytes: readFileSync(first), extension: 'flv' },
        { bytes: readFileSync(second), extension: 'ts' },
      ],
      // However long the captures take, it ends far from a beep.
      gapSeconds: 17,
      formats: { mp4: { maxMinutes: 30 }, hls: { segmentSeconds: 2, resumptionTimeout: 60 } },
      content: { ...CONTENT, contentType: 'video/mp4', durationSeconds: 4, hasSound: true },
      images: async () => [{ path: loop, demuxer: 'mov' }],
    });
    expect(troubles).toEqual([]);
    expect(await statesOf(running)).toEqual(['hls ready', 'mp4 ready']);
    const path = folder.write('mp4', running.object('.mp4'));
    const times = packetTimes(path, 'v');
    const isSlate = rednessOf(path).map((mean) => mean > 200);
    const begin = times[isSlate.indexOf(true)] ?? 0;
    const end = times[isSlate.lastIndexOf(true) + 1] ?? 0;
    const { flashes, beeps } = momentsOf(path);
    const inGap = beeps.filter((beep) => beep > begin - 0.1 && beep < end - 0.1);
    expect(inGap.length).toBeGreaterThanOrEqual(4);
    for (const [index, beep] of inGap.entries())
      expect(Math.abs(beep - begin - 4 * index)).toBeLessThan(0.06);
    const outside = beeps.filter((beep) => !inGap.includes(beep));
    expect(flashes).toHaveLength(9);
    for (const [index, flash] of flashes.entries())
      expect(Math.abs(flash - (outside[index] ?? 0)), `${index}`).toBeLessThan(0.04);
  });

  it.each(['hevc', 'av1'] as const)('is one file in %s too', async (codec) => {
    const { running, troubles } = await play({
      streams: [
        { bytes: readFileSync(first), extension: 'flv' },
        { bytes: readFileSync(second), extension: 'ts' },
      ],
      gapSeconds: 4,
      formats: { mp4: { maxMinutes: 30 }, hls: undefined },
      encoding: { ...ENCODING, video: videoEncodingSchema.parse({ codec, gopSeconds: 1 }) },
    });
    expect(troubles).toEqual([]);
    expect(await statesOf(running)).toEqual(['mp4 ready']);
    const path = folder.write('mp4', running.object('.mp4'));
    const isSlate = rednessOf(path).map((mean) => mean > 200);
    const [begin, end] = [isSlate.indexOf(true), isSlate.lastIndexOf(true) + 1];
    expect({ begin, after: isSlate.length - end }).toEqual({ begin: 100, after: 125 });
    const times = packetTimes(path, 'v');
    const steps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(Math.max(...steps)).toBeLessThan(0.06);
  });

  it('of sound alone has silence in the gap', async () => {
    const { running } = await play({
      streams: [
        { bytes: readFileSync(first), extension: 'flv' },
        { bytes: readFileSync(second), extension: 'ts' },
      ],
      gapSeconds: 4,
      formats: { aac: { maxMinutes: 30, when: 'always' }, mp4: { maxMinutes: 30 } },
      encoding: { overlays: [], audio: { codec: 'aac', bitrateKbps: 96 }, audioOnly: true },
    });
    expect(await statesOf(running)).toEqual(['aac ready', 'mp4 ready']);
    const { duration, streams } = probeFile(folder.write('mp4', running.object('.mp4')));
    expect(streams.map(({ codec_name }) => codec_name)).toEqual(['aac']);
    expect(duration).toBeGreaterThan(12.5);
  });

  it('begins new files, with all of it, when it comes back without its sound', async () => {
    const silent = folder.generate('ts', '-i', second, '-an', '-c:v', 'copy');
    const { running } = await play({
      streams: [
        { bytes: readFileSync(first), extension: 'flv' },
        { bytes: readFileSync(silent), extension: 'ts' },
      ],
      gapSeconds: 4,
      formats: { mp4: { maxMinutes: 30 }, hls: { segmentSeconds: 2, resumptionTimeout: 60 } },
    });
    expect(await statesOf(running)).toEqual(['hls ready', 'mp4 ready', 'mp4 ready']);
    const redness = [...running.store.objects].flatMap(([key, { body }]) =>
      key.endsWith('.mp4') ? rednessOf(folder.write('mp4', body)) : [],
    );
    expect(redness).toHaveLength(100 + 125);
    expect(Math.max(...redness)).toBeLessThan(140);
    const playlist = running.object('.m3u8').toString();
    expect(playlist.match(/EXT-X-DISCONTINUITY\n/g)).toHaveLength(1);
    expect(rednessOf(folder.write('ts', joinedSegments(running)))).toHaveLength(100 + 125);
  });

  it('goes on in new files when a format of those before could not be read any further', async () => {
    const { running } = await play({
      streams: [
        { bytes: readFileSync(first), extension: 'flv', broken: 'mp4' },
        { bytes: readFileSync(second), extension: 'ts' },
      ],
      gapSeconds: 0,
      formats: { mp4: { maxMinutes: 30 }, hls: { segmentSeconds: 2, resumptionTimeout: 60 } },
      reasons: ['source-invalid', 'session-ended'],
    });
    expect(await statesOf(running)).toEqual(['hls ready', 'mp4 ready', 'mp4 ready']);
    const pictures = [...running.store.objects].flatMap(([key, { body }]) =>
      key.endsWith('.mp4') ? packetTimes(folder.write('mp4', body), 'v').length : [],
    );
    expect(pictures).toEqual([100, 125]);
    const playlist = running.object('.m3u8').toString();
    expect(playlist.match(/EXT-X-DISCONTINUITY\n/g)).toHaveLength(1);
  });

  it('is recorded as without standby content when that cannot be had', async () => {
    const { running, troubles, isOpen } = await play({
      streams: [
        { bytes: readFileSync(first), extension: 'flv' },
        { bytes: readFileSync(second), extension: 'ts' },
      ],
      gapSeconds: 4,
      formats: { mp4: { maxMinutes: 30 } },
      images: () => Promise.reject(new Error('the bucket is away')),
    });
    expect(troubles.map(({ code }) => code)).toEqual(['standby-missing', 'standby-missing']);
    expect(isOpen).toBe(false);
    expect(await statesOf(running)).toEqual(['mp4 ready', 'mp4 ready']);
  });
});
