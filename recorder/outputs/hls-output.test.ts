import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  capture,
  chunked,
  ffmpeg,
  flawlessFrames,
  flawlessFramesOfEach,
  MediaFolder,
  packets,
  testSource,
} from '../containers/media.fixture.ts';
import { TsReader } from '../containers/ts/reader.ts';
import { START, settled } from '../recorder.fixture.ts';
import { fakeFiles, offsetOf, type PublishedSegment } from './hls.fixture.ts';
import type { HlsFile } from './hls-file.ts';
import { HlsOutput, type HlsOutputOptions } from './hls-output.ts';

const folder = new MediaFolder();
afterAll(() => folder.remove());

const RATE = 25;
const TS_PACKET = 188;
const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-sc_threshold', '0'];
const AAC = ['-c:a', 'aac'];
const KINDS: Record<string, { extension: string; codecs: string[] }> = {
  'H.264 and AAC': { extension: 'flv', codecs: [...H264, ...AAC] },
  'H.264 with B-frames': { extension: 'flv', codecs: [...H264, '-bf', '3', '-b_strategy', '0', ...AAC] },
  'HEVC alone': {
    extension: 'mp4',
    codecs: [
      ...['-c:v', 'libx265', '-preset', 'ultrafast', '-an'],
      ...['-x265-params', 'log-level=none:keyint=25:min-keyint=25:scenecut=0:open-gop=0'],
    ],
  },
};
const sourceOf = (seconds: number, codecs: readonly string[] = [...H264, ...AAC], extension = 'flv') =>
  folder.generate(extension, ...testSource(seconds), ...codecs, '-shortest');

const open = (options: Partial<HlsOutputOptions> = {}) => {
  const { files, openFile, segments } = fakeFiles();
  const [onKeyFrame, onCodecChange] = [vi.fn(), vi.fn()];
  const output = new HlsOutput({
    ...{ segmentSeconds: 2, maxSeconds: Number.POSITIVE_INFINITY, monotonicNow: () => 0 },
    ...{ startedAt: () => START, onKeyFrame, onCodecChange },
    openFile: (startSeconds) => openFile(startSeconds),
    ...options,
  });
  const push = (stream: Buffer) => {
    for (const chunk of chunked(stream, 5003)) output.push(chunk);
  };
  return { output, files, segments, push, onKeyFrame, onCodecChange };
};

/** A clock by which everything comes late but the first access unit, which so tells when all of it was live. */
const afterTheFirst = () => {
  let looks = 0;
  return () => {
    looks += 1;
    return looks <= 3 ? 0 : 1_000_000;
  };
};

const framesOf = (...segments: readonly PublishedSegment[]): string[] =>
  segments.length === 0
    ? []
    : flawlessFrames(folder.write('ts', Buffer.concat(segments.map(({ bytes }) => bytes))));

/** Of segments that are played alone. */
const framesOfEach = (segments: readonly PublishedSegment[]): string[][] =>
  flawlessFramesOfEach(segments.map(({ bytes }) => folder.write('ts', bytes)));

/** A stream from its `count`th access unit on, as a muxer that begins there would write it. */
const without = (stream: Buffer, count: number): Buffer => {
  const reader = new TsReader();
  let units = 0;
  const kept: Buffer[] = [];
  for (const event of reader.push(stream)) {
    if (event.type === 'unit') units += 1;
    if (event.type === 'media' && units > count) kept.push(event.bytes);
  }
  return Buffer.concat([reader.tables(), ...kept]);
};

describe.each(Object.entries(KINDS))('An HLS output of %s', (_, { extension, codecs }) => {
  let source: string;
  let stream: Buffer;
  beforeAll(() => {
    source = sourceOf(7, codecs, extension);
    stream = capture(source, 'ts');
  });

  it('has every frame once, in segments that play alone and say when they were live', async () => {
    const { output, segments, push, onKeyFrame } = open();
    push(stream);
    output.finish();
    await output.close('ended');
    const all = segments();
    expect(framesOf(...all)).toEqual(flawlessFrames(source));
    expect(all.map(({ durationSeconds }) => durationSeconds)).toEqual([2, 2, 2, 1]);
    const alone = framesOfEach(all);
    expect(alone.flat()).toEqual(flawlessFrames(source));
    for (const [index, segment] of all.entries()) {
      expect(alone[index]).toHaveLength(segment.durationSeconds * RATE);
      expect(offsetOf(segment) - offsetOf(all[0] as PublishedSegment)).toBeCloseTo(index * 2, 3);
    }
    expect(onKeyFrame).toHaveBeenCalledTimes(7);
    expect(output.recordedSeconds).toBeCloseTo(7);
  });

  it('has all but the frame in progress when ffmpeg is killed, whenever that is', async () => {
    const frames = flawlessFrames(source);
    for (const share of [0.2, 0.43, 0.61, 0.77, 0.9]) {
      const { output, segments, push } = open();
      const arrived = stream.subarray(0, Math.round(stream.length * share));
      push(arrived);
      await output.close('ended');
      const kept = framesOf(...segments());
      // Of frames that refer to later ones some come before their time.
      expect(frames.slice(0, kept.length - 3)).toEqual(kept.slice(0, -3));
      const begun = [...new TsReader().push(arrived)].filter(
        (event) => event.type === 'unit' && event.track.kind === 'video',
      );
      expect(kept.length).toBeGreaterThanOrEqual(begun.length - 1);
      const seconds = segments().reduce((sum, { durationSeconds }) => sum + durationSeconds, 0);
      expect(Math.abs(seconds - kept.length / RATE)).toBeLessThanOrEqual(4 / RATE);
    }
  });
});

describe('An HLS output', () => {
  let source: string;
  let stream: Buffer;
  beforeAll(() => {
    source = sourceOf(7);
    stream = capture(source, 'ts');
  });

  it('cuts sound alone at any frame, and has every one once', async () => {
    const sound = sourceOf(7, ['-vn', ...AAC]);
    const { output, segments, push } = open();
    push(capture(sound, 'ts'));
    output.finish();
    await output.close('ended');
    const all = segments();
    const joined = folder.write('ts', Buffer.concat(all.map(({ bytes }) => bytes)));
    const whole = folder.write('ts', capture(sound, 'ts'));
    expect(packets(joined, 'a')).toEqual(packets(whole, 'a'));
    expect(all).toHaveLength(4);
    for (const { durationSeconds } of all.slice(0, -1)) {
      expect(durationSeconds).toBeGreaterThan(1.97);
      expect(durationSeconds).toBeLessThan(2.05);
    }
  });

  it('begins each segment with tables that are numbered on, and has no others', async () => {
    const { output, segments, push } = open();
    push(stream);
    await output.close('ended');
    for (const [number, { bytes }] of segments().entries()) {
      const tables: string[] = [];
      for (let at = 0; at < bytes.length; at += TS_PACKET) {
        const pid = bytes.readUInt16BE(at + 1) & 0x1fff;
        if (pid < 256 || pid >= 4096)
          tables.push(`${at / TS_PACKET}: ${pid} ${bytes.readUInt8(at + 3) & 15}`);
      }
      expect(tables).toEqual([`0: 0 ${number}`, `1: 4096 ${number}`]);
    }
  });

  it('leaves out what comes before the first key frame, and counts its time', async () => {
    const { output, segments, push } = open({ monotonicNow: afterTheFirst() });
    push(without(stream, 20));
    output.finish();
    await output.close('ended');
    expect(framesOf(...segments())).toEqual(flawlessFrames(source).slice(RATE));
    const offset = offsetOf(segments()[0] as PublishedSegment);
    expect(offset).toBeGreaterThan(0.2);
    expect(offset).toBeLessThan(0.9);
  });

  it('says that what came all at once was live before it came', async () => {
    const { output, segments, push } = open();
    push(stream);
    output.finish();
    await output.close('ended');
    // The first segment is dated when it is whole.
    expect(offsetOf(segments()[0] as PublishedSegment)).toBeCloseTo(-2, 1);
  });

  it('publishes a segment as soon as the next one begins, and takes no other for one that waits', () => {
    const { output, segments, push } = open();
    push(stream.subarray(0, stream.length / 2));
    expect(segments()).toHaveLength(1);
    expect(output.recordedSeconds).toBeGreaterThan(3);
    // What the file says.
    expect(output.unstoredBytes).toBe(5);
  });

  it('counts what a segment holds whose end does not come', () => {
    const endless = capture(sourceOf(7, [...H264, '-g', '1000', ...AAC]), 'ts');
    const { output, segments, push } = open();
    const some = Math.round(endless.length / 4);
    push(endless.subarray(0, some));
    expect(output.unstoredBytes).toBe(0);
    push(endless.subarray(some));
    expect(segments()).toEqual([]);
    expect(output.unstoredBytes).toBeGreaterThan(endless.length * 0.8);
  });

  it('ends before the first frame with other settings, and says so', async () => {
    const bigger = sourceOf(3, [...H264, '-s', '320x180', ...AAC]);
    const { output, segments, push, onCodecChange } = open();
    push(Buffer.concat([stream, capture(bigger, 'ts')]));
    output.finish();
    await output.close('ended');
    expect(framesOf(...segments())).toEqual(flawlessFrames(source));
    expect(onCodecChange).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['that has come', 4.5],
    ['that has not come', 0],
  ])('ends before a time %s, at a key frame', async (_, after) => {
    const { output, segments, push } = open();
    const bytes = Math.round((stream.length * after) / 7);
    push(stream.subarray(0, bytes));
    output.stopBefore(3950);
    for (const chunk of chunked(stream.subarray(bytes), 5003)) output.push(chunk);
    output.finish();
    await output.close('ended');
    expect(framesOf(...segments())).toEqual(flawlessFrames(source).slice(0, 4 * RATE));
  });

  it('publishes nothing when nothing came', async () => {
    const { output, files } = open();
    await output.close('ended');
    expect(files).toEqual([]);
  });
});

describe('A recording that another recorder takes over', () => {
  let source: string;
  let frames: string[];
  let stream: Buffer;
  /** As the other recorder gets it, from its own first key frame on. */
  let others: Buffer;
  beforeAll(() => {
    source = sourceOf(12);
    frames = flawlessFrames(source);
    stream = capture(source, 'ts');
    const later = ['-ss', '3.5', '-i', source, '-map', '0', '-c', 'copy', '-copytb', '1'];
    others = ffmpeg(...later, '-f', 'tee', '[f=mpegts]pipe\\:1');
  });

  /** A recorder that is told to leave after so many seconds. */
  const leaveAt = async (seconds: number) => {
    const leaving = open();
    let pushed = 0;
    while (leaving.output.recordedSeconds < seconds) {
      leaving.push(stream.subarray(pushed, pushed + 1000));
      pushed += 1000;
    }
    const fingerprint = leaving.output.cutAtNextKeyFrame();
    leaving.push(stream.subarray(pushed));
    return { ...leaving, fingerprint: await fingerprint };
  };

  it.each([
    ['has come by then', 1],
    ['is still to come', 0],
  ])('has every frame once, when the key frame %s', async (_, share) => {
    const leaving = await leaveAt(6.3);
    const { fingerprint } = leaving;
    await leaving.output.close('open');
    expect(fingerprint).toBeDefined();

    const begins = Promise.withResolvers<{ fingerprint?: string }>();
    const arriving = open({ begins: begins.promise, monotonicNow: afterTheFirst() });
    const bytes = Math.round(others.length * share);
    arriving.push(others.subarray(0, bytes));
    expect(arriving.files).toEqual([]);
    if (share > 0) expect(arriving.output.unstoredBytes).toBeGreaterThan(others.length * 0.8);
    begins.resolve(fingerprint === undefined ? {} : { fingerprint });
    await settled();
    for (const chunk of chunked(others.subarray(bytes), 5003)) arriving.output.push(chunk);
    arriving.output.finish();
    await arriving.output.close('ended');

    const [before, after] = [framesOf(...leaving.segments()), framesOf(...arriving.segments())];
    expect(before).toHaveLength(7 * RATE);
    expect([...before, ...after]).toEqual(frames);
    const sound = [leaving, arriving].map(({ segments }) =>
      Buffer.concat(segments().map(({ bytes }) => bytes)),
    );
    expect(sound.flatMap((bytes) => packets(folder.write('ts', bytes), 'a'))).toEqual(
      packets(folder.write('ts', stream), 'a'),
    );
    expect(leaving.segments().map(({ durationSeconds }) => durationSeconds)).toEqual([2, 2, 2, 1]);
    expect(arriving.segments().map(({ durationSeconds }) => durationSeconds)).toEqual([2, 2, 1]);
    // The other recorder's capture began at 3 s of the stream.
    expect(offsetOf(arriving.segments()[0] as PublishedSegment)).toBeCloseTo(4, 1);
    expect(framesOfEach(arriving.segments()).map(({ length }) => length / RATE)).toEqual([2, 2, 1]);
  });

  it.each([
    ['none is named', {}],
    ['the key frame is not there', { fingerprint: 'of another stream' }],
  ])('has all that came when %s', async (_, beginning) => {
    const arriving = open({ begins: Promise.resolve(beginning) });
    arriving.push(others);
    arriving.output.finish();
    await arriving.output.close('ended');
    expect(framesOf(...arriving.segments())).toEqual(frames.slice(3 * RATE));
  });

  it('does not wait for ever for a key frame that does not come', async () => {
    const arriving = open({ begins: Promise.resolve({ fingerprint: 'of another stream' }) });
    await settled();
    arriving.push(stream);
    expect(arriving.segments().length).toBeGreaterThan(3);
  });

  it('of sound alone has every frame once', async () => {
    // Frames of a tone could be alike.
    const noise = folder.generate('flv', ...['-f', 'lavfi', '-i', 'anoisesrc=d=6:r=44100', ...AAC]);
    const whole = capture(noise, 'ts');
    const leaving = open();
    const middle = Math.round(whole.length / 2 / TS_PACKET) * TS_PACKET;
    leaving.push(whole.subarray(0, middle));
    const fingerprint = leaving.output.cutAtNextKeyFrame();
    leaving.push(whole.subarray(middle));
    const named = (await fingerprint) ?? '';
    await leaving.output.close('open');
    const arriving = open({ begins: Promise.resolve({ fingerprint: named }) });
    await settled();
    arriving.push(without(whole, 20));
    arriving.output.finish();
    await arriving.output.close('ended');
    const joined = [...leaving.segments(), ...arriving.segments()].map(({ bytes }) => bytes);
    expect(packets(folder.write('ts', Buffer.concat(joined)), 'a')).toEqual(
      packets(folder.write('ts', whole), 'a'),
    );
  });

  it('is left without a key frame when none comes any more', async () => {
    const { output, push } = open();
    push(stream);
    const fingerprint = output.cutAtNextKeyFrame();
    output.finish();
    await output.close('open');
    expect(await fingerprint).toBeUndefined();
    expect(await output.cutAtNextKeyFrame()).toBeUndefined();
  });

  it('can be given up before it was taken over', async () => {
    const arriving = open({ begins: new Promise(() => undefined) });
    arriving.push(others);
    arriving.output.abandon();
    await arriving.output.close('ended');
    expect(arriving.files).toEqual([]);
  });
});

describe.each([
  ['is known', 'before it begins'],
  ['becomes known', 'while it goes on'],
])('An HLS output that goes on after ffmpeg was killed, of which %s %s what is left', (known) => {
  let frames: string[];
  let stream: Buffer;
  /** As a server sends it that begins with the group of pictures it has just got: from 3 s on, or from 5 s on. */
  const later = new Map<number, Buffer>();
  beforeAll(() => {
    const source = sourceOf(8);
    frames = flawlessFrames(source);
    stream = capture(source, 'ts');
    for (const seconds of [3, 5]) {
      const input = ['-ss', `${seconds + 0.5}`, '-i', source, '-map', '0', '-c', 'copy', '-copytb', '1'];
      later.set(seconds, ffmpeg(...input, '-f', 'tee', '[f=mpegts]pipe\\:1'));
    }
  });

  /** @param begins resolves when it is killed already */
  const killedAt = async (seconds: number, begins?: PromiseWithResolvers<object>, sent = stream) => {
    const killed = open(begins === undefined ? {} : { begins: begins.promise });
    for (let at = 0; killed.output.recordedSeconds < seconds; at += 1000)
      killed.push(sent.subarray(at, at + 1000));
    let left: HlsFile | undefined;
    const closed = killed.output.close('next-capture', (file) => {
      left = file;
    });
    begins?.resolve({});
    await closed;
    return { killed, left };
  };
  /** @param media what comes until it is known what is left, and is not all that comes */
  const goOn = async (left: HlsFile | undefined, media: Buffer = Buffer.alloc(0)) => {
    if (known === 'is known') {
      const next = open(left === undefined ? {} : { adopted: left });
      next.push(media);
      return next;
    }
    const { promise: begins, resolve } = Promise.withResolvers<{ adopted: HlsFile | undefined }>();
    const next = open({ begins });
    next.push(media);
    resolve({ adopted: left });
    await begins;
    return next;
  };

  it('has no frame twice that the server sends once more', async () => {
    const { killed, left } = await killedAt(3.6);
    expect(framesOf(...killed.segments())).toHaveLength(3 * RATE);
    const next = await goOn(left, later.get(3));
    next.output.finish();
    await next.output.close('ended');
    expect(framesOf(...killed.segments())).toEqual(frames);
  });

  it('has no frame twice when it was killed before it was known where it begins', async () => {
    const { killed, left } = await killedAt(3.6, Promise.withResolvers());
    const next = await goOn(left, later.get(3));
    next.output.finish();
    await next.output.close('ended');
    expect(framesOf(...killed.segments())).toEqual(frames);
  });

  it('has what came last before a gap', async () => {
    const { killed, left } = await killedAt(3.6);
    const next = await goOn(left, later.get(5));
    next.output.finish();
    await next.output.close('ended');
    const all = framesOf(...killed.segments());
    expect(all.slice(-3 * RATE)).toEqual(frames.slice(-3 * RATE));
    const before = all.slice(0, -3 * RATE);
    expect(before).toEqual(frames.slice(0, before.length));
    expect(before.length).toBeGreaterThan(3.5 * RATE);
  });

  it('has what came last of still pictures, whose groups all look alike', async () => {
    const still = [
      '-f',
      'lavfi',
      '-i',
      'color=gray:r=25:s=192x108:d=8',
      '-f',
      'lavfi',
      '-i',
      'sine=d=8:r=44100',
    ];
    const source = folder.generate('flv', ...still, ...H264, ...AAC, '-shortest');
    const all = capture(source, 'ts');
    const { killed, left } = await killedAt(3.6, undefined, all);
    const next = await goOn(left, all);
    next.output.finish();
    await next.output.close('ended');
    const published = killed.segments().reduce((sum, { durationSeconds }) => sum + durationSeconds, 0);
    expect(published).toBeGreaterThan(3.6 + 7.9);
    expect(published).toBeLessThan(3.6 + 8.5);
  });

  it.each(['next-capture', 'open', 'ended'] as const)(
    'keeps what came last when nothing follows, and the next one is left %s',
    async (ending) => {
      const { killed, left } = await killedAt(3.6);
      const next = await goOn(left);
      await next.output.close(ending);
      expect(left?.withheld === undefined).toBe(ending !== 'next-capture');
      left?.settle();
      expect(framesOf(...killed.segments()).length).toBeGreaterThan(3.5 * RATE);
    },
  );
});
