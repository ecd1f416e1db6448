import { describe, expect, it } from 'vitest';
import { FieldReader, readBoxes, requireBox, uint32s, writeBox } from './boxes.ts';
import { parseFragment, type Sample, type TrackFragment } from './fragment.ts';
import { Mp4Head } from './head.ts';
import type { Mp4Init, Mp4Track } from './init.ts';

const defaults = { description: 1, duration: 0, size: 0, flags: 0 };
const video: Mp4Track = { id: 1, handler: 'vide', timescale: 90000, defaults, delay: 0, mediaTime: 0 };
const audio: Mp4Track = { id: 2, handler: 'soun', timescale: 48000, defaults, delay: 0, mediaTime: 0 };

const bytes = (...buffers: readonly Buffer[]) => Buffer.concat(buffers);
const trak = (id: number) => {
  const stbl = writeBox('stbl', ...writeBox('stsd', uint32s(0, 0)));
  const mdia = writeBox(
    'mdia',
    ...writeBox('mdhd', uint32s(0, 0, 0, 90000, 0, 0)),
    ...writeBox('minf', ...stbl),
  );
  return writeBox('trak', ...writeBox('tkhd', uint32s(3, 0, 0, id, 0, 0, 7)), ...mdia);
};
const mvhd = writeBox('mvhd', uint32s(0, 0, 0, 1000, 0, 7));
const init: Mp4Init = {
  bytes: Buffer.alloc(0),
  moov: readBoxes(
    bytes(...mvhd, ...trak(1), ...trak(2), ...writeBox('mvex'), ...writeBox('udta', uint32s(1))),
  ),
  timescale: 1000,
  tracks: [video, audio],
};

function samples(count: number, duration: number, compositionOffset = 0): Sample[] {
  return Array.from({ length: count }, (_, index) => ({
    duration,
    size: 10,
    sync: index === 0,
    compositionOffset,
  }));
}

function part(track: Mp4Track, decodeTime: number, own: readonly Sample[]): TrackFragment {
  return { track, decodeTime, runs: [{ offset: 8, bytes: own.length * 10, description: 1, samples: own }] };
}

function build(parts: readonly (readonly TrackFragment[])[], mediaBytes = 2 ** 40) {
  const head = new Mp4Head(init);
  for (const [index, tracks] of parts.entries()) head.add({ tracks, dataStart: 8, dataEnd: 0 }, index * 1000);
  const final = head.finalHead(mediaBytes);
  const mdat = final.subarray(-16);
  const moov = readBoxes(requireBox(readBoxes(final.subarray(0, -16)), 'moov').content);
  return { head, final, mdat, moov, traks: moov.filter(({ type }) => type === 'trak') };
}

/** The fields of the box at a path, after version and flags. */
function fields(box: { content: Buffer } | undefined, ...path: readonly string[]) {
  let content = box?.content ?? Buffer.alloc(0);
  for (const type of path) content = requireBox(readBoxes(content), type).content;
  const reader = new FieldReader(content);
  const { version } = reader.versionAndFlags();
  const numbers: number[] = [];
  while (reader.remaining >= 4) numbers.push(reader.int32());
  return { version, numbers };
}

const table = ['mdia', 'minf', 'stbl'];

describe('an MP4 head', () => {
  it('stretches the last sample of a fragment over a gap', () => {
    const { traks, head } = build([
      [part(video, 0, samples(2, 3000))],
      [part(video, 10000, samples(1, 3000))],
    ]);
    expect(fields(traks[0], ...table, 'stts').numbers).toEqual([3, 1, 3000, 1, 7000, 1, 3000]);
    expect(head.durationMs()).toBeCloseTo(13000 / 90);
  });

  it('shortens it when the next fragment begins earlier than guessed', () => {
    const { traks } = build([[part(video, 0, samples(2, 3000))], [part(video, 5900, samples(1, 3000))]]);
    expect(fields(traks[0], ...table, 'stts').numbers).toEqual([3, 1, 3000, 1, 2900, 1, 3000]);
  });

  it('catches up at the next fragment when a gap does not fit into 32 bits', () => {
    const end = 2 ** 32 + 10000;
    const { traks } = build([0, end, end + 3000].map((time) => [part(video, time, samples(1, 3000))]));
    expect(fields(traks[0], ...table, 'stts').numbers).toEqual([3, 1, -1, 1, 13001, 1, 3000]);
  });

  it('has 64-bit durations and offsets where they are needed', () => {
    const far = 2 ** 33;
    const { traks, moov, mdat } = build(
      [0, far, 2 * far, 3 * far].map((time) => [part(video, time, samples(1, 1))]),
    );
    expect(fields(moov.find(({ type }) => type === 'mvhd')).version).toBe(1);
    expect(fields(traks[0], 'tkhd').version).toBe(1);
    expect(fields(traks[0], 'mdia', 'mdhd').version).toBe(1);
    expect(fields(traks[0], 'edts', 'elst').version).toBe(1);
    expect(fields(traks[0], ...table, 'co64').numbers[0]).toBe(4);
    expect(mdat.readBigUInt64BE(8)).toBe(2n ** 40n + 16n);
  });

  it('begins at 0 and keeps the offset between tracks to the sample', () => {
    const { traks } = build([
      [part(video, 900_000, samples(2, 3000, 6000)), part(audio, 480_001, samples(3, 1024))],
    ]);
    // Video from 10.0667 s, audio from 10.00002 s: 5998 ticks of 1/90000 s apart.
    expect(fields(traks[0], 'edts', 'elst').numbers).toEqual([2, 5998, -1, 65536, 6000, 6000, 65536]);
    expect(fields(traks[1], 'edts', 'elst').numbers).toEqual([1, 5760, 0, 65536]);
  });

  it('moves negative composition offsets into the edit list', () => {
    const { traks } = build([[part(video, 90000, [...samples(1, 3000, -3000), ...samples(1, 3000, 6000)])]]);
    expect(fields(traks[0], ...table, 'ctts')).toEqual({ version: 0, numbers: [2, 1, 0, 1, 9000] });
    expect(fields(traks[0], 'edts', 'elst').numbers).toEqual([1, 15000, 0, 65536]);
  });

  it('leaves out tracks without samples, mvex, and tables that say nothing', () => {
    const { moov, traks } = build([[part(audio, 0, samples(1, 1024))]]);
    expect(moov.map(({ type }) => type)).toEqual(['mvhd', 'trak', 'udta']);
    expect(fields(traks[0], 'tkhd').numbers[2]).toBe(2);
    const stbl = requireBox(
      readBoxes(
        requireBox(
          readBoxes(requireBox(readBoxes(traks[0]?.content ?? mvhd[0] ?? Buffer.alloc(0)), 'mdia').content),
          'minf',
        ).content,
      ),
      'stbl',
    );
    expect(readBoxes(stbl.content).map(({ type }) => type)).toEqual(['stsd', 'stts', 'stsc', 'stsz', 'co64']);
  });

  it('takes a track that pauses and comes back', () => {
    const { traks } = build([
      [part(video, 0, samples(1, 9000)), part(audio, 0, samples(1, 1024))],
      [part(video, 9000, samples(1, 9000))],
      [part(video, 18000, samples(1, 9000)), part(audio, 9600, samples(1, 1024))],
    ]);
    expect(fields(traks[1], ...table, 'stts').numbers).toEqual([2, 1, 9600, 1, 1024]);
    expect(fields(traks[0], ...table, 'stsz').numbers.slice(0, 2)).toEqual([0, 3]);
  });

  it('gives up samples beyond the media', () => {
    const { head, traks } = build(
      [[part(video, 0, samples(5, 3000))], [part(video, 15000, samples(5, 3000))]],
      1030,
    );
    expect(head.videoFrames()).toBe(7);
    expect(fields(traks[0], ...table, 'stss').numbers).toEqual([2, 1, 6]);
    expect(fields(traks[0], ...table, 'stsc').numbers).toEqual([2, 1, 5, 1, 2, 2, 1]);
    expect(head.durationMs()).toBeCloseTo(21000 / 90);
  });

  it('holds three hours in a few MB, ready in no time', () => {
    const head = new Mp4Head(init);
    const picture = samples(60, 3000).map((sample, index) => ({
      ...sample,
      compositionOffset: (index % 3) * 3000,
    }));
    const sound = samples(94, 1024).map((sample, index) => ({
      ...sample,
      duration: 1014 + (index % 2) * 20,
    }));
    for (let second = 0; second < 3 * 3600; second += 2) {
      const tracks = [part(video, second * 90000, picture), part(audio, second * 48000, sound)];
      head.add({ tracks, dataStart: 0, dataEnd: 0 }, second * 500_000);
    }
    const before = performance.now();
    const final = head.finalHead(3 * 3600 * 500_000 + 1e6);
    expect(performance.now() - before).toBeLessThan(1000);
    expect(head.videoFrames()).toBe(3 * 3600 * 30);
    expect(final.length).toBeLessThan(12e6);
  });
});

describe('an MP4 fragment', () => {
  const parse = (traf: readonly Buffer[], offset = 0) => {
    const [moof] = readBoxes(bytes(...writeBox('moof', ...traf)));
    if (moof === undefined) throw new Error('no box');
    return parseFragment(moof, [video, audio], offset);
  };
  const traf = (tfhd: readonly number[], ...truns: readonly (readonly number[])[]) =>
    writeBox(
      'traf',
      ...writeBox('tfhd', uint32s(...tfhd)),
      ...truns.flatMap((trun) => writeBox('trun', uint32s(...trun))),
    );

  it('counts offsets from the stream where it says so', () => {
    const base = traf([0x1, 1, 0, 5100], [0x201, 1, 20, 7]);
    expect(parse(base, 5000).tracks[0]?.runs[0]).toMatchObject({ offset: 120, bytes: 7 });
  });

  it('lets runs follow each other, and tracks without a base too', () => {
    const first = traf([0, 1], [0x201, 2, 100, 5, 6], [0x200, 1, 9]);
    const { tracks, dataStart, dataEnd } = parse([...first, ...traf([0x10, 2, 4], [0, 3])]);
    expect(tracks.map(({ runs }) => runs.map(({ offset }) => offset))).toEqual([[100, 111], [120]]);
    expect([dataStart, dataEnd]).toEqual([100, 132]);
  });

  it('takes each field from the nearest place that has it', () => {
    const header = [0x20038, 1, 3000, 11, 0x10000];
    const run = [0xe05, 2, 50, 0, 21, 0x10000, 6000, 22, 0, -3000];
    expect(parse(traf(header, run)).tracks[0]?.runs[0]?.samples).toEqual([
      { duration: 3000, size: 21, sync: true, compositionOffset: 6000 },
      { duration: 3000, size: 22, sync: true, compositionOffset: -3000 },
    ]);
    expect(parse(traf(header, [0x1, 1, 50])).tracks[0]?.runs[0]?.samples).toEqual([
      { duration: 3000, size: 11, sync: false, compositionOffset: 0 },
    ]);
  });

  it('refuses unknown tracks and absurd counts', () => {
    expect(() => parse(traf([0, 9], [0, 1]))).toThrow('unknown track 9');
    expect(() => parse(traf([0, 1], [0, 0x7fffffff]))).toThrow('2147483647 samples');
    expect(() => parse(traf([0, 1], [0x200, 3, 1]))).toThrow('shorter than its fields');
  });
});
