import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { ContainerError } from '../container.ts';
import {
  capture,
  chunked,
  MediaFolder,
  packets,
  packetTimes,
  probeFile,
  record,
  testSource,
  videoFrames,
} from '../media.fixture.ts';
import { type Amf0Value, decodeAmf0 } from './amf0.ts';
import { classifyTag, writeTag } from './tags.ts';

const folder = new MediaFolder();
afterAll(() => folder.remove());

const x264 = [
  '-c:v',
  'libx264',
  '-preset',
  'ultrafast',
  '-pix_fmt',
  'yuv420p',
  '-bf',
  '2',
  '-b_strategy',
  '0',
];
const aac = ['-c:a', 'aac', '-b:a', '64k'];

interface FlvTag {
  readonly type: number;
  readonly timestamp: number;
  readonly position: number;
  readonly data: Buffer;
}

function readTags(file: Buffer): FlvTag[] {
  const tags: FlvTag[] = [];
  for (let position = 13; position < file.length; ) {
    const size = file.readUIntBE(position + 1, 3);
    const timestamp = file.readUIntBE(position + 4, 3) + file.readUInt8(position + 7) * 2 ** 24;
    const data = file.subarray(position + 11, position + 11 + size);
    expect(file.readUInt32BE(position + 11 + size)).toBe(11 + size);
    tags.push({ type: file.readUInt8(position), timestamp, position, data });
    position += 15 + size;
  }
  return tags;
}

function readMetadata(file: Buffer): Record<string, Amf0Value> {
  const [name, value] = decodeAmf0(readTags(file)[0]?.data ?? Buffer.alloc(0));
  expect(name).toBe('onMetaData');
  return fromMembers(value);
}

function fromMembers(value: Amf0Value | undefined): Record<string, Amf0Value> {
  if (typeof value !== 'object' || value === null || !('kind' in value)) throw new Error('not an object');
  return Object.fromEntries(value.members);
}

const cases = [
  {
    name: 'video and audio',
    extension: 'flv',
    args: [...testSource(8), ...x264, '-g', '50', ...aac],
    files: 2,
  },
  { name: 'MPEG-TS', extension: 'ts', args: [...testSource(8), ...x264, '-g', '25', ...aac], files: 3 },
  { name: 'only video', extension: 'flv', args: [...testSource(8), ...x264, '-g', '50', '-an'], files: 2 },
  { name: 'only audio', extension: 'flv', args: [...testSource(8), '-vn', ...aac], files: 3 },
];

describe.each(cases)('an FLV of $name', ({ extension, args, files }) => {
  const source = folder.generate(extension, ...args);
  const stream = capture(source, 'flv');
  const streamPath = folder.write('flv', stream);
  const hasVideo = !args.includes('-vn');
  const kinds = [...(hasVideo ? (['v'] as const) : []), ...(args.includes('-an') ? [] : (['a'] as const))];
  const whole = record('flv', chunked(stream, 65536));
  const cut = record('flv', chunked(stream, 1000), 3000);
  const [wholePath = ''] = whole.files.map(({ finished }) => folder.write('flv', finished));
  const cutPaths = cut.files.map(({ finished }) => folder.write('flv', finished));

  it('has every frame of the source, cut or not', () => {
    expect(whole.files).toHaveLength(1);
    expect(cut.files).toHaveLength(files);
    if (hasVideo) {
      const frames = videoFrames(source);
      expect(frames).toHaveLength(200);
      expect(videoFrames(wholePath)).toEqual(frames);
      expect(cutPaths.flatMap((path) => videoFrames(path))).toEqual(frames);
    }
    for (const kind of kinds) {
      const all = packets(streamPath, kind);
      expect(packets(wholePath, kind)).toEqual(all);
      expect(cutPaths.flatMap((path) => packets(path, kind))).toEqual(all);
    }
  });

  it('begins at 0 and keeps its timestamps from there', () => {
    const times = new Map(kinds.map((kind) => [kind, [...packetTimes(streamPath, kind)]]));
    for (const [index, path] of cutPaths.entries()) {
      const own = readTags(cut.files[index]?.finished ?? stream);
      expect(Math.min(...own.map(({ timestamp }) => timestamp))).toBe(0);
      const shifts = new Set<number>();
      for (const kind of kinds) {
        const found = packetTimes(path, kind);
        const expected = times.get(kind)?.splice(0, found.length) ?? [];
        for (const [packet, time] of found.entries())
          shifts.add(Math.round(((expected[packet] ?? 0) - time) * 1000));
      }
      expect(shifts.size).toBe(1);
    }
  });

  it('says how long and how large it is', () => {
    for (const [index, file] of [...whole.files, ...cut.files].entries()) {
      const metadata = readMetadata(file.finished);
      expect(metadata.filesize).toBe(file.finished.length);
      expect(metadata.duration).toBe(file.head.durationMs() / 1000);
      expect(metadata.hasVideo).toBe(hasVideo);
      const { duration, streams } = probeFile([wholePath, ...cutPaths][index] ?? '');
      expect(duration).toBeCloseTo(file.head.durationMs() / 1000, 2);
      const read = (type: string) =>
        Number(streams.find(({ codec_type }) => codec_type === type)?.nb_read_frames ?? 0);
      expect(file.head.videoFrames()).toBe(read('video'));
      // The decoder of ffprobe swallows the first audio frame of a file as priming.
      expect(file.head.audioFrames() - read('audio')).toBeLessThanOrEqual(1);
    }
    const all = cut.files.reduce((sum, { head }) => sum + head.audioFrames(), 0);
    expect(all).toBe(whole.files[0]?.head.audioFrames());
  });

  it.runIf(hasVideo)('has an index of its key frames', () => {
    for (const { finished } of [...whole.files, ...cut.files]) {
      const metadata = readMetadata(finished);
      expect(metadata.width).toBe(192);
      const { filepositions, times } = fromMembers(metadata.keyframes);
      const tags = new Map(readTags(finished).map((tag) => [tag.position, tag]));
      const indexed = (filepositions as number[]).map((position) => tags.get(position));
      expect(indexed.map((tag) => (tag?.timestamp ?? -1) / 1000)).toEqual(times);
      const [sequenceHeader, ...keyFrames] = indexed.map((tag) => tag?.data.toString('hex', 0, 2));
      expect(sequenceHeader).toBe('1700');
      expect(new Set(keyFrames)).toEqual(new Set(['1701']));
      const all = [...tags.values()].filter(
        ({ data, type }) => type === 9 && data.toString('hex', 0, 2) === '1701',
      );
      expect(keyFrames).toHaveLength(all.length);
    }
  });

  it('grows as a valid file under its initial head', () => {
    for (const file of cut.files) {
      const again = record('flv', chunked(Buffer.concat([file.initialHead, file.media]), 700));
      expect(again.files.map(({ finished }) => finished)).toEqual([file.finished]);
    }
  });
});

describe('the FLV parser', () => {
  const source = folder.generate('flv', ...testSource(6), ...x264, '-g', '50', ...aac);
  const stream = capture(source, 'flv');
  const reference = record('flv', [Buffer.from(stream)], 2000);

  it('gives the same files however the bytes are chunked', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 1 }), (sizes) => {
        const chunks: Buffer[] = [];
        for (let position = 0, turn = 0; position < stream.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1;
          chunks.push(Buffer.from(stream.subarray(position, position + size)));
          position += size;
        }
        const { files } = record('flv', chunks, 2000);
        expect(files.map(({ finished }) => finished)).toEqual(
          reference.files.map(({ finished }) => finished),
        );
      }),
      { numRuns: 20 },
    );
  });

  it('drops a tag that did not come whole', () => {
    const { files, dropped } = record('flv', chunked(stream.subarray(0, stream.length - 100), 1000));
    const tags = readTags(files[0]?.finished ?? stream);
    expect(dropped).toBeGreaterThan(0);
    expect(tags.length).toBeGreaterThan(300);
  });

  it('tells when the codec parameters change, and gives the next file the new ones', () => {
    const smaller = ['-f', 'lavfi', '-i', 'testsrc2=r=25:s=96x54:d=2', ...x264, '-g', '25'];
    const other = capture(folder.generate('flv', ...smaller), 'flv');
    const first = readTags(other).find(({ type }) => type === 9)?.position ?? 0;
    const { events, files } = record('flv', [Buffer.concat([stream, other.subarray(first)])], 6000);
    expect(events.filter(({ type }) => type === 'changed')).toEqual([{ type: 'changed', what: 'video' }]);
    const header = (file: Buffer) => readTags(file).find(({ type }) => type === 9)?.data;
    const last = record('flv', [other]).files[0]?.finished ?? other;
    expect(header(files[0]?.finished ?? other)).not.toEqual(header(last));
  });

  it('reads timestamps beyond 24 bits and writes them from 0', () => {
    const header = Buffer.from([0x46, 0x4c, 0x56, 1, 4, 0, 0, 0, 9, 0, 0, 0, 0]);
    const tag = (timestamp: number) => {
      const bytes = writeTag(8, Buffer.from([0x2f, 1, 2, 3]));
      bytes.writeUIntBE(timestamp & 0xffffff, 4, 3);
      bytes.writeUInt8(timestamp >>> 24, 7);
      return bytes;
    };
    const times = [0xfffffff0, 0xfffffffa, 4, 0x1000004];
    const { files, events } = record('flv', [Buffer.concat([header, ...times.map(tag)])]);
    const tags = readTags(files[0]?.finished ?? header).filter(({ type }) => type === 8);
    expect(tags.map(({ timestamp }) => timestamp)).toEqual([0, 10, 20, 0x1000014]);
    expect(events).toContainEqual({ type: 'unit', key: true, timeMs: 0xfffffff0 });
  });

  it.each([
    ['an AVC sequence header', 9, '17000000000164', { type: 'sequence-header', kind: 'video' }],
    ['an AVC key frame', 9, '1701000050', { type: 'frame', kind: 'video', key: true, compositionMs: 80 }],
    [
      'an AVC frame with a negative offset',
      9,
      '2701ffffff',
      { type: 'frame', kind: 'video', key: false, compositionMs: -1 },
    ],
    ['an AVC end of sequence', 9, '1702000000', { type: 'other' }],
    ['a video command', 9, '5700', { type: 'other' }],
    ['an HEVC sequence header in FourCC form', 9, '9068766331', { type: 'sequence-header', kind: 'video' }],
    [
      'an HEVC key frame in FourCC form',
      9,
      '9168766331000028',
      { type: 'frame', kind: 'video', key: true, compositionMs: 40 },
    ],
    [
      'an HEVC frame without offset in FourCC form',
      9,
      'a368766331',
      { type: 'frame', kind: 'video', key: false, compositionMs: 0 },
    ],
    [
      'an AV1 key frame in FourCC form',
      9,
      '9161763031aabbcc',
      { type: 'frame', kind: 'video', key: true, compositionMs: 0 },
    ],
    ['an AAC sequence header', 8, 'af001210', { type: 'sequence-header', kind: 'audio' }],
    ['an AAC frame', 8, 'af0121', { type: 'frame', kind: 'audio', key: true, compositionMs: 0 }],
    ['an MP3 frame', 8, '2fff', { type: 'frame', kind: 'audio', key: true, compositionMs: 0 }],
    ['an Opus sequence header in FourCC form', 8, '904f707573', { type: 'sequence-header', kind: 'audio' }],
    ['an empty tag', 9, '', { type: 'other' }],
    ['metadata', 18, '02', { type: 'script' }],
    ['anything else', 17, '02', undefined],
  ])('recognises %s', (_name, type, data, content) => {
    expect(classifyTag(type, Buffer.from(data, 'hex'))).toEqual(content);
  });

  it('throws nothing but a ContainerError when bytes are damaged', () => {
    expect(() => record('flv', [Buffer.from('<html>not a film</html>')])).toThrow(ContainerError);
    const start = stream.subarray(0, 3000);
    fc.assert(
      fc.property(fc.nat(start.length - 1), fc.nat(255), (position, byte) => {
        const damaged = Buffer.from(start);
        damaged[position] = byte;
        try {
          record('flv', [damaged]);
        } catch (error) {
          expect(error).toBeInstanceOf(ContainerError);
        }
      }),
      { numRuns: 300 },
    );
  });
});
