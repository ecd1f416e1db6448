import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ContainerError } from '../container.ts';
import {
  capture,
  chunked,
  ffmpeg,
  flawlessFrames,
  MediaFolder,
  packets,
  testSource,
} from '../media.fixture.ts';
import { Fingerprint } from './fingerprint.ts';
import { TICKS_PER_SECOND, unfolded } from './pes.ts';
import { TsReader, type TsUnit } from './reader.ts';

const folder = new MediaFolder();
afterAll(() => folder.remove());

const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-sc_threshold', '0'];
const AAC = ['-c:a', 'aac'];
const KINDS: Record<string, { extension: string; codecs: string[] }> = {
  'H.264 and AAC': { extension: 'flv', codecs: [...H264, ...AAC] },
  'H.264 with B-frames': { extension: 'flv', codecs: [...H264, '-bf', '3', '-b_strategy', '0', ...AAC] },
  'HEVC and AAC': {
    extension: 'mp4',
    codecs: ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=none:keyint=25', ...AAC],
  },
  'AAC alone': { extension: 'flv', codecs: ['-vn', ...AAC] },
  'MP3 alone': { extension: 'flv', codecs: ['-vn', '-c:a', 'libmp3lame'] },
  'Opus alone': { extension: 'mkv', codecs: ['-vn', '-c:a', 'libopus', '-ar', '48000'] },
  'H.264 alone': { extension: 'flv', codecs: ['-an', ...H264] },
};

interface Seen extends TsUnit {
  readonly bytes: Buffer;
  readonly fingerprint: string;
}

/** Everything that the reader makes of a stream. */
const read = (stream: Buffer, chunkBytes = 10_007) => {
  const reader = new TsReader();
  const units: { unit: TsUnit; packets: Buffer[] }[] = [];
  const changes: number[] = [];
  for (const chunk of chunked(stream, chunkBytes)) {
    for (const event of reader.push(chunk)) {
      if (event.type === 'unit') units.push({ unit: event, packets: [] });
      else if (event.type === 'media') units.at(-1)?.packets.push(event.bytes);
      else changes.push(units.length - 1);
    }
  }
  const seen = units.map(({ unit, packets: all }): Seen => {
    const fingerprint = new Fingerprint(unit.track);
    for (const packet of all) fingerprint.add(packet);
    return { ...unit, bytes: Buffer.concat(all), fingerprint: fingerprint.digest() };
  });
  return { reader, units: seen, changes };
};

/** What ffprobe says of each stream, in the order of the file. */
const probed = (path: string) => {
  const show = ['-show_entries', 'packet=codec_type,pts,dts,flags', '-of', 'csv=p=0'];
  const printed = execFileSync('ffprobe', ['-v', 'error', ...show, path], { encoding: 'utf8' });
  const all = printed.split('\n').map((line) => {
    const [kind, pts, dts, flags] = line.split(',');
    return { kind, pts: Number(pts), dts: Number(dts), key: flags?.startsWith('K') };
  });
  return (kind: 'video' | 'audio') => all.filter((packet) => packet.kind === kind);
};

describe.each(Object.entries(KINDS))('MPEG-TS of %s', (kind, { extension, codecs }) => {
  let stream: Buffer;
  let path: string;
  beforeAll(() => {
    stream = capture(folder.generate(extension, ...testSource(3), ...codecs, '-shortest'), 'ts');
    path = folder.write('ts', stream);
  });

  it('is read unit by unit, with the times and key frames that it has', () => {
    const { units, changes } = read(stream);
    const hasVideo = units.some(({ track }) => track.kind === 'video');
    expect(hasVideo).toBe(!kind.endsWith('alone') || kind.startsWith('H.264'));
    const packetsOf = probed(path);
    for (const stream of ['video', 'audio'] as const) {
      const own = units.filter(({ track }) => track.kind === stream);
      const expected = packetsOf(stream);
      const leads = stream === 'video' || !hasVideo;
      expect(own.map(({ pts, dts }) => ({ pts, dts }))).toEqual(
        expected.map(({ pts, dts }) => ({ pts, dts })),
      );
      expect(own.map(({ key }) => key)).toEqual(expected.map(({ key }) => leads && key));
      for (const unit of own) expect(unit.leads).toBe(leads);
    }
    expect(changes).toEqual([]);
  });

  it.each([[1], [188], [189], [1 << 20]])('is the same in pieces of %d bytes', (bytes) => {
    const whole = read(stream);
    const { units } = read(stream, bytes);
    expect(units).toEqual(whole.units);
  });

  it('is whole with new tables at its beginning', () => {
    const { reader, units } = read(stream);
    const again = folder.write('ts', Buffer.concat([reader.tables(), ...units.map(({ bytes }) => bytes)]));
    for (const kind of new Set(units.map(({ track }) => track.kind))) {
      const type = kind === 'video' ? 'v' : 'a';
      expect(packets(again, type)).toEqual(packets(path, type));
    }
    if (units[0]?.track.kind === 'video') expect(flawlessFrames(again)).toEqual(flawlessFrames(path));
  });

  it('has a fingerprint for each unit, and another one for each', () => {
    const { units } = read(stream);
    const leading = units.filter(({ leads }) => leads).map(({ fingerprint }) => fingerprint);
    expect(leading.length).toBeGreaterThan(70);
    expect(new Set(leading).size).toBe(leading.length);
  });
});

describe('A reader of MPEG-TS', () => {
  const h264 = (size: string, ...audio: string[]): Buffer => {
    const source = folder.generate(
      'flv',
      ...testSource(2),
      '-s',
      size,
      ...H264,
      ...AAC,
      ...audio,
      '-shortest',
    );
    return capture(source, 'ts');
  };

  it('numbers the tables that it gives on and on', () => {
    const { reader } = read(h264('192x108'));
    const counts = Array.from({ length: 20 }, () => reader.tables()).map((tables) => [
      tables.readUInt8(3) & 15,
      tables.readUInt8(188 + 3) & 15,
    ]);
    expect(counts).toEqual(counts.map((_, index) => [index % 16, index % 16]));
  });

  it('counts on when time stamps begin again at 0', () => {
    const source = folder.generate('flv', ...testSource(4), ...H264, '-bf', '2', ...AAC, '-shortest');
    const wraps = 2 ** 33 / TICKS_PER_SECOND;
    const stream = ffmpeg(
      ...['-i', source, '-c', 'copy', '-output_ts_offset', String(wraps - 2), '-f', 'mpegts', 'pipe:1'],
    );
    const { units } = read(stream);
    const leading = units.filter(({ leads }) => leads);
    for (const [index, { pts, dts }] of leading.entries()) {
      expect(pts - dts).toBeGreaterThanOrEqual(0);
      expect(pts - dts).toBeLessThan(TICKS_PER_SECOND);
      const before = leading[index - 1];
      if (before !== undefined) expect(dts - before.dts).toBe(3600);
    }
    expect(leading.at(-1)?.dts).toBeGreaterThan(2 ** 33);
  });

  it('takes the time nearest to what came before for any time stamp', () => {
    expect(unfolded(5, 2 ** 33 - 5)).toBe(2 ** 33 + 5);
    expect(unfolded(2 ** 33 - 5, 5)).toBe(-5);
    expect(unfolded(7, 3 * 2 ** 33)).toBe(3 * 2 ** 33 + 7);
    expect(unfolded(100, 90)).toBe(100);
  });

  it.each([
    ['the picture', () => h264('320x180'), 'video'],
    ['the sound', () => h264('192x108', '-ar', '22050'), 'audio'],
  ] as const)(
    'says when the settings of %s change, at the first unit with the new ones',
    (_, other, kind) => {
      const first = h264('192x108');
      const before = read(first).units.length;
      const { changes, units } = read(Buffer.concat([first, other()]));
      expect(changes).toHaveLength(1);
      const firstOther = units.findIndex(({ track }, index) => index >= before && track.kind === kind);
      expect(changes).toEqual([firstOther]);
    },
  );

  it('says when the program becomes another one, at the first unit of it', () => {
    const first = h264('192x108');
    const sound = folder.generate('flv', ...testSource(2), '-vn', ...AAC);
    const { changes, units } = read(Buffer.concat([first, capture(sound, 'ts')]));
    expect(changes).toEqual([read(first).units.length]);
    expect(units.at(-1)).toMatchObject({ leads: true, key: true });
  });

  it('refuses what is no MPEG-TS', () => {
    expect(() => read(Buffer.alloc(1000))).toThrow(ContainerError);
    expect(() => read(readFileSync(folder.generate('flv', ...testSource(1), ...H264, ...AAC)))).toThrow(
      ContainerError,
    );
  });

  it('gives the same fingerprint whatever the container that the stream came through', () => {
    const source = folder.generate('flv', ...testSource(3), ...H264, ...AAC, '-shortest');
    const direct = read(capture(source, 'ts')).units;
    const remuxed = folder.generate('mp4', '-i', source, '-c', 'copy');
    const later = ffmpeg(...['-ss', '1.5', '-i', remuxed, '-c', 'copy', '-f', 'mpegts', 'pipe:1']);
    const keysOf = (units: readonly Seen[]) =>
      units.filter(({ key }) => key).map(({ fingerprint }) => fingerprint);
    expect(keysOf(read(later).units)).toEqual(keysOf(direct).slice(1));
  });
});
