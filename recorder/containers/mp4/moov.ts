import { type Box, FieldReader, int64, readBoxes, requireBox, uint32s, writeBox } from './boxes.ts';
import { type Mp4Init, type Mp4Track, readTrackId } from './init.ts';
import type { TrackSamples } from './samples.ts';
import { type TrackTimeline, trackTimeline } from './timeline.ts';

const MAX_UINT32 = 0xffffffff;
const MAX_INT32 = 0x7fffffff;
/** 16.16 fixed point: normal speed. */
const EDIT_RATE = 0x10000;

/** A track that has samples in this file, on the file's own timeline. */
interface Placed extends TrackTimeline {
  readonly track: Mp4Track;
  readonly samples: TrackSamples;
  /** How long after the start of the file the track begins, and ends, in movie ticks. */
  readonly delay: number;
  readonly end: number;
}

/**
 * The moov of an ordinary file: the initial one, with sample tables, durations and edit lists of this file, and
 * without the tracks that have no samples in it. @param headBytes what stands before the media
 */
export function writeMoov(
  init: Mp4Init,
  samples: ReadonlyMap<Mp4Track, TrackSamples>,
  headBytes: number,
): Buffer[] {
  // As fine as the finest track, so that the offset between tracks stays right to the sample.
  const timescale = Math.max(init.timescale, ...init.tracks.map((track) => track.timescale));
  const placed = place(samples, timescale);
  const duration = Math.max(0, ...placed.map(({ end }) => end));
  const parts = init.moov.flatMap((box) => {
    if (box.type === 'mvex') return [];
    if (box.type === 'mvhd') return writeHeader(box, duration, timescale);
    return box.type === 'trak' ? writeTrak(box, placed, headBytes) : [box.bytes];
  });
  return writeBox('moov', ...parts);
}

/** The file's timeline begins when its first track does. */
function place(samples: ReadonlyMap<Mp4Track, TrackSamples>, timescale: number): Placed[] {
  const filled = [...samples].filter(([, { count }]) => count > 0);
  const timelines = filled.map(([track, own]) => ({ track, samples: own, ...trackTimeline(track, own) }));
  const start = Math.min(...timelines.map(({ begins }) => begins));
  return timelines.map((timeline) => {
    const delay = Math.round((timeline.begins - start) * timescale);
    // Rounded up: players drop a frame that an edit does not cover.
    const end = delay + Math.ceil((timeline.presented * timescale) / timeline.track.timescale);
    return { ...timeline, delay, end };
  });
}

function writeTrak(trak: Box, placed: readonly Placed[], headBytes: number): Buffer[] {
  const boxes = readBoxes(trak.content);
  const id = readTrackId(requireBox(boxes, 'tkhd'));
  const own = placed.find(({ track }) => track.id === id);
  if (own === undefined) return [];
  const parts = boxes.flatMap((box) => {
    if (box.type === 'edts') return [];
    if (box.type === 'tkhd') return [...writeHeader(box, own.end), ...writeEdits(own)];
    return box.type === 'mdia' ? writeMdia(box, own, headBytes) : [box.bytes];
  });
  return writeBox('trak', ...parts);
}

function writeMdia(mdia: Box, { samples }: Placed, headBytes: number): Buffer[] {
  const parts = readBoxes(mdia.content).flatMap((box) => {
    if (box.type === 'mdhd') return writeHeader(box, samples.duration);
    return box.type === 'minf' ? writeMinf(box, samples, headBytes) : [box.bytes];
  });
  return writeBox('mdia', ...parts);
}

function writeMinf(minf: Box, samples: TrackSamples, headBytes: number): Buffer[] {
  const parts = readBoxes(minf.content).flatMap((box) => {
    if (box.type !== 'stbl') return [box.bytes];
    return samples.table(requireBox(readBoxes(box.content), 'stsd').bytes, headBytes);
  });
  return writeBox('minf', ...parts);
}

function writeEdits({ delay, end, mediaTime, samples }: Placed): Buffer[] {
  const edits = [{ duration: end - delay, mediaTime: mediaTime + samples.compositionShift }];
  if (delay > 0) edits.unshift({ duration: delay, mediaTime: -1 });
  const long = edits.some((edit) => edit.duration > MAX_UINT32 || edit.mediaTime > MAX_INT32);
  const field = long ? int64 : uint32s;
  const entries = edits.flatMap((edit) => [field(edit.duration), field(edit.mediaTime), uint32s(EDIT_RATE)]);
  return writeBox('edts', ...writeBox('elst', uint32s(long ? 1 << 24 : 0, edits.length), ...entries));
}

/** A mvhd, tkhd or mdhd with another duration, and another timescale where given; 64-bit where needed. */
function writeHeader(box: Box, duration: number, timescale?: number): Buffer[] {
  const reader = new FieldReader(box.content);
  const { version, flags } = reader.versionAndFlags();
  const readTime = () => (version === 1 ? reader.int64() : reader.uint32());
  const created = readTime();
  const modified = readTime();
  // Between the dates and the duration: track id and a reserved field in a tkhd, the timescale in the others.
  const between = reader.take(box.type === 'tkhd' ? 8 : 4);
  readTime();
  const long = version === 1 || duration > MAX_UINT32;
  const field = long ? int64 : uint32s;
  return writeBox(
    box.type,
    uint32s((long ? 1 << 24 : 0) | flags),
    field(created),
    field(modified),
    timescale === undefined ? between : uint32s(timescale),
    field(duration),
    reader.rest(),
  );
}
