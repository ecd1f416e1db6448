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
  type Recorded,
  record,
  testSource,
  videoFrames,
} from '../media.fixture.ts';

const folder = new MediaFolder();
afterAll(() => folder.remove());

const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
const aac = ['-c:a', 'aac', '-b:a', '64k'];
const bFrames = ['-bf', '2', '-b_strategy', '0'];
const late = [
  '-f',
  'lavfi',
  '-i',
  'testsrc2=r=25:s=192x108:d=8',
  '-itsoffset',
  '0.7',
  '-f',
  'lavfi',
  '-i',
  'sine=d=7',
];

interface Case {
  readonly name: string;
  readonly extension: string;
  readonly args: readonly string[];
  /** Files that a cut every 3 s makes. */
  readonly files: number;
}

const cases: readonly Case[] = [
  {
    name: 'H.264 without B-frames',
    extension: 'flv',
    args: [...testSource(8), ...x264, '-bf', '0', '-g', '50', ...aac],
    files: 2,
  },
  {
    name: 'H.264 with B-frames',
    extension: 'flv',
    args: [...testSource(8), ...x264, ...bFrames, '-g', '50', ...aac],
    files: 2,
  },
  {
    name: 'a long GOP',
    extension: 'flv',
    args: [...testSource(14), ...x264, ...bFrames, '-g', '300', ...aac],
    files: 2,
  },
  {
    name: '29.97 frames a second',
    extension: 'flv',
    args: [...testSource(8, '30000/1001'), ...x264, ...bFrames, '-g', '30', ...aac],
    files: 3,
  },
  {
    name: 'audio that starts 700 ms late',
    extension: 'flv',
    args: [...late, ...x264, ...bFrames, '-g', '25', ...aac],
    files: 3,
  },
  {
    name: 'MPEG-TS whose audio starts late',
    extension: 'ts',
    args: [...late, ...x264, ...bFrames, '-g', '25', ...aac],
    files: 3,
  },
  {
    name: 'HEVC',
    extension: 'ts',
    args: [
      ...testSource(6),
      '-c:v',
      'libx265',
      '-preset',
      'ultrafast',
      '-x265-params',
      'log-level=none:keyint=50:open-gop=0',
      ...aac,
    ],
    files: 2,
  },
  {
    name: 'only video',
    extension: 'flv',
    args: [...testSource(8), ...x264, ...bFrames, '-g', '50', '-an'],
    files: 2,
  },
  { name: 'only audio', extension: 'flv', args: [...testSource(8), '-vn', ...aac], files: 2 },
  {
    name: 'MP3 audio',
    extension: 'flv',
    args: [...testSource(6), ...x264, '-g', '50', '-c:a', 'libmp3lame'],
    files: 2,
  },
];

/** Start of the audio after the start of the video, in seconds. */
function offset(path: string): number {
  return (packetTimes(path, 'a')[0] ?? 0) - (packetTimes(path, 'v')[0] ?? 0);
}

function topLevel(bytes: Buffer): string[] {
  const types: string[] = [];
  for (let position = 0; position < bytes.length; ) {
    const size = bytes.readUInt32BE(position);
    types.push(bytes.toString('latin1', position + 4, position + 8));
    position += size === 1 ? Number(bytes.readBigUInt64BE(position + 8)) : size;
  }
  return types;
}

function write(recorded: Recorded): string[] {
  return recorded.files.map(({ finished }) => folder.write('mp4', finished));
}

describe.each(cases)('an MP4 of $name', ({ extension, args, files }) => {
  const source = folder.generate(extension, ...args);
  const stream = capture(source, 'mp4');
  const hasVideo = !args.includes('-vn');
  const hasAudio = !args.includes('-an');
  const kinds = [...(hasVideo ? (['v'] as const) : []), ...(hasAudio ? (['a'] as const) : [])];
  const whole = record('mp4', chunked(stream, 65536));
  const cut = record('mp4', chunked(stream, 1000), 3000);
  const [wholePath = ''] = write(whole);
  const cutPaths = write(cut);

  it('is ordinary and fast-start', () => {
    for (const file of [...whole.files, ...cut.files]) {
      expect(topLevel(file.finished)).toEqual(['ftyp', 'moov', 'mdat']);
    }
  });

  it('has every frame of the source, cut or not', () => {
    expect(whole.files).toHaveLength(1);
    expect(cut.files).toHaveLength(files);
    if (hasVideo) {
      const frames = videoFrames(source);
      expect(frames.length).toBeGreaterThan(100);
      expect(videoFrames(wholePath)).toEqual(frames);
      expect(cutPaths.flatMap((path) => videoFrames(path))).toEqual(frames);
    }
    for (const kind of kinds) {
      expect(cutPaths.flatMap((path) => packets(path, kind))).toEqual(packets(wholePath, kind));
    }
    if (hasAudio) {
      const reference = folder.generate('mp4', '-i', source, '-map', '0:a', '-c', 'copy');
      expect(packets(wholePath, 'a')).toEqual(packets(reference, 'a'));
    }
  });

  it('counts its frames and knows its duration', () => {
    for (const [index, file] of [...whole.files, ...cut.files].entries()) {
      const { duration, streams } = probeFile([wholePath, ...cutPaths][index] ?? '');
      const count = (type: string) =>
        Number(streams.find(({ codec_type }) => codec_type === type)?.nb_frames ?? 0);
      expect(file.head.videoFrames()).toBe(count('video'));
      expect(file.head.audioFrames()).toBe(count('audio'));
      expect(Math.abs(file.head.durationMs() / 1000 - duration)).toBeLessThan(0.002);
    }
  });

  it('keeps every presentation time', () => {
    for (const kind of kinds) {
      const times = packetTimes(source, kind);
      const first = Math.min(...kinds.map((each) => packetTimes(source, each)[0] ?? 0));
      const wholeTimes = packetTimes(wholePath, kind);
      expect(wholeTimes).toHaveLength(times.length);
      for (const [index, time] of times.entries()) {
        expect(Math.abs((wholeTimes[index] ?? -1) - (time - first))).toBeLessThan(0.0011);
      }
    }
  });

  it.runIf(hasVideo && hasAudio)('keeps the offset between video and audio in every file', () => {
    expect(Math.abs(offset(wholePath) - offset(source))).toBeLessThan(0.0005);
    let [video, audio] = [0, 0];
    const [videoTimes, audioTimes] = [packetTimes(wholePath, 'v'), packetTimes(wholePath, 'a')];
    for (const path of cutPaths) {
      const expected = (audioTimes[audio] ?? 0) - (videoTimes[video] ?? 0);
      expect(Math.abs(offset(path) - expected)).toBeLessThan(0.00002);
      video += packetTimes(path, 'v').length;
      audio += packetTimes(path, 'a').length;
      expect(Math.min(...probeFile(path).streams.map(({ start_time }) => Number(start_time)))).toBe(0);
    }
  });

  it.runIf(hasVideo)('can be sought', () => {
    const at = (path: string) => videoFrames(path, '-ss', '5');
    const reference = folder.generate('mp4', '-i', source, '-map', '0', '-c', 'copy', '-copytb', '1');
    expect(at(wholePath)).toEqual(at(reference));
  });

  it('grows as a valid file under its initial head', () => {
    for (const file of cut.files) {
      const half = Buffer.concat([file.initialHead, file.media]);
      const again = record('mp4', chunked(half, 4096));
      expect(again.files[0]?.finished.equals(file.finished)).toBe(true);
    }
  });
});

describe('the MP4 parser', () => {
  const source = folder.generate('flv', ...testSource(6), ...x264, ...bFrames, '-g', '50', ...aac);
  const stream = capture(source, 'mp4');
  const reference = record('mp4', [stream], 2000);

  it('gives the same files however the bytes are chunked', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30000 }), { minLength: 1 }), (sizes) => {
        const chunks: Buffer[] = [];
        for (let position = 0, turn = 0; position < stream.length; turn++) {
          const size = sizes[turn % sizes.length] ?? 1;
          chunks.push(stream.subarray(position, position + size));
          position += size;
        }
        const { files } = record('mp4', chunks, 2000);
        expect(files.map(({ finished }) => finished)).toEqual(
          reference.files.map(({ finished }) => finished),
        );
      }),
      { numRuns: 20 },
    );
  });

  it('never copies media', () => {
    const chunk = Buffer.from(stream);
    for (const event of record('mp4', [chunk]).events) {
      if (event.type === 'media') expect(event.bytes.buffer).toBe(chunk.buffer);
    }
  });

  it('makes a right file of a stream that breaks off anywhere', () => {
    const complete = packets(folder.write('mp4', record('mp4', [stream]).files[0]?.finished ?? stream), 'v');
    for (const part of [0.2, 0.45, 0.7, 0.99]) {
      const { files } = record('mp4', chunked(stream.subarray(0, stream.length * part), 5000));
      const path = folder.write('mp4', files[0]?.finished ?? Buffer.alloc(0));
      const found = packets(path, 'v');
      expect(found.length).toBeGreaterThan(complete.length * (part - 0.45));
      expect(found).toEqual(complete.slice(0, found.length));
      expect(files[0]?.head.videoFrames()).toBe(found.length);
      // A B-frame may be missing before the last picture, which ffprobe does not count in.
      expect(Math.abs((files[0]?.head.durationMs() ?? 0) / 1000 - probeFile(path).duration)).toBeLessThan(
        0.1,
      );
    }
  });

  it('trims the priming of an encoder, once', () => {
    const { files } = record('mp4', [capture(source, 'mp4', '-c:v', 'copy', '-c:a', 'aac')], 2000);
    const [first, second] = files.map(({ finished }) => folder.write('mp4', finished));
    expect(packetTimes(first ?? '', 'a')[0]).toBeLessThan(-0.02);
    expect(packetTimes(second ?? '', 'a')[0]).toBeGreaterThanOrEqual(0);
  });

  it('throws a ContainerError on anything that is not a fragmented MP4', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 9, maxLength: 200 }), (bytes) => {
        try {
          record('mp4', [Buffer.from(bytes)]);
        } catch (error) {
          expect(error).toBeInstanceOf(ContainerError);
        }
      }),
    );
    expect(() => record('mp4', [Buffer.from('<html>not a film</html>')])).toThrow(ContainerError);
  });

  it('throws nothing but a ContainerError when bytes are damaged', () => {
    const heads = stream.subarray(0, 4000);
    fc.assert(
      fc.property(fc.nat(heads.length - 1), fc.nat(255), (position, byte) => {
        const damaged = Buffer.from(heads);
        damaged[position] = byte;
        try {
          record('mp4', [damaged]);
        } catch (error) {
          expect(error).toBeInstanceOf(ContainerError);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('refuses a fragment header beyond 16 MB before it has come', () => {
    const size = Buffer.alloc(4);
    size.writeUInt32BE(17 * 1024 * 1024);
    expect(() => record('mp4', [Buffer.concat([size, Buffer.from('moof')])])).toThrow(ContainerError);
  });
});
