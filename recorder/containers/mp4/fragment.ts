import { ContainerError } from '../container.ts';
import { type Box, FieldReader, readBoxes, requireBox } from './boxes.ts';
import type { Mp4Track, SampleDefaults } from './init.ts';

/** More samples than any fragment of a few seconds has, also of raw audio. */
const MAX_SAMPLES_PER_RUN = 1 << 20;
const NON_SYNC = 0x10000;

export interface Sample {
  readonly duration: number;
  readonly size: number;
  readonly sync: boolean;
  /** Presentation after decoding, in ticks. */
  readonly compositionOffset: number;
}

/** Samples that lie one after the other in the file. */
export interface SampleRun {
  /** Of the first sample, in bytes from the first byte of the moof. */
  readonly offset: number;
  readonly bytes: number;
  /** Sample description index (which codec parameters). */
  readonly description: number;
  readonly samples: readonly Sample[];
}

export interface TrackFragment {
  readonly track: Mp4Track;
  /** Decode time of the first sample in ticks; absent when it just follows the fragment before. */
  readonly decodeTime: number | undefined;
  /** None of them is empty. */
  readonly runs: readonly SampleRun[];
}

export interface Fragment {
  readonly tracks: readonly TrackFragment[];
  /** Where its samples begin and end, in bytes from the first byte of the moof. */
  readonly dataStart: number;
  readonly dataEnd: number;
}

interface TrackDefaults extends SampleDefaults {
  /** What data offsets count from, in bytes from the first byte of the moof. */
  readonly base: number;
}

/** @param streamOffset position of the moof in the stream, for the fragments that count from there */
export function parseFragment(moof: Box, tracks: readonly Mp4Track[], streamOffset: number): Fragment {
  const parsed: TrackFragment[] = [];
  let previousEnd = 0;
  for (const traf of readBoxes(moof.content)) {
    if (traf.type !== 'traf') continue;
    const boxes = readBoxes(traf.content);
    const { track, defaults } = readTrackHeader(requireBox(boxes, 'tfhd'), tracks, streamOffset, previousEnd);
    const runs: SampleRun[] = [];
    previousEnd = defaults.base;
    for (const trun of boxes) {
      if (trun.type !== 'trun') continue;
      const run = readRun(trun, defaults, previousEnd);
      previousEnd = run.offset + run.bytes;
      if (run.samples.length > 0) runs.push(run);
    }
    if (runs.length > 0) parsed.push({ track, decodeTime: readDecodeTime(boxes), runs });
  }
  const runs = parsed.flatMap((fragment) => fragment.runs);
  return {
    tracks: parsed,
    dataStart: runs.reduce((start, run) => Math.min(start, run.offset), Number.POSITIVE_INFINITY),
    dataEnd: runs.reduce((end, run) => Math.max(end, run.offset + run.bytes), 0),
  };
}

function readTrackHeader(
  tfhd: Box,
  tracks: readonly Mp4Track[],
  streamOffset: number,
  previousEnd: number,
): { track: Mp4Track; defaults: TrackDefaults } {
  const reader = new FieldReader(tfhd.content);
  const { flags } = reader.versionAndFlags();
  const id = reader.uint32();
  const track = tracks.find((candidate) => candidate.id === id);
  if (track === undefined) throw new ContainerError(`MP4 fragment of unknown track ${id}`);
  const defaultBaseIsMoof = (flags & 0x20000) !== 0;
  const base = flags & 0x1 ? reader.int64() - streamOffset : defaultBaseIsMoof ? 0 : previousEnd;
  const description = flags & 0x2 ? reader.uint32() : track.defaults.description;
  const duration = flags & 0x8 ? reader.uint32() : track.defaults.duration;
  const size = flags & 0x10 ? reader.uint32() : track.defaults.size;
  const sampleFlags = flags & 0x20 ? reader.uint32() : track.defaults.flags;
  return { track, defaults: { base, description, duration, size, flags: sampleFlags } };
}

/** tfdt is unsigned on paper; ffmpeg writes audio that begins before 0 (encoder priming) as negative. */
function readDecodeTime(boxes: readonly Box[]): number | undefined {
  const tfdt = boxes.find((box) => box.type === 'tfdt');
  if (tfdt === undefined) return undefined;
  const reader = new FieldReader(tfdt.content);
  return reader.versionAndFlags().version === 1 ? reader.int64() : reader.uint32();
}

function readRun(trun: Box, defaults: TrackDefaults, previousEnd: number): SampleRun {
  const reader = new FieldReader(trun.content);
  const { flags } = reader.versionAndFlags();
  const count = reader.uint32();
  if (count > MAX_SAMPLES_PER_RUN) throw new ContainerError(`MP4 fragment of ${count} samples`);
  const offset = flags & 0x1 ? defaults.base + reader.int32() : previousEnd;
  const firstFlags = flags & 0x4 ? reader.uint32() : undefined;
  const samples: Sample[] = [];
  let bytes = 0;
  for (let index = 0; index < count; index++) {
    const duration = flags & 0x100 ? reader.uint32() : defaults.duration;
    const size = flags & 0x200 ? reader.uint32() : defaults.size;
    const ownFlags = flags & 0x400 ? reader.uint32() : defaults.flags;
    const sampleFlags = index === 0 ? (firstFlags ?? ownFlags) : ownFlags;
    // Version 0 calls the offset unsigned, but writers put negative ones there too.
    const compositionOffset = flags & 0x800 ? reader.int32() : 0;
    samples.push({ duration, size, sync: (sampleFlags & NON_SYNC) === 0, compositionOffset });
    bytes += size;
  }
  return { offset, bytes, description: defaults.description, samples };
}
