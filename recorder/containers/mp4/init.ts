import { ContainerError } from '../container.ts';
import { type Box, FieldReader, findBox, readBoxes, requireBox } from './boxes.ts';

/** What fragments leave unsaid about their samples (`trex`). */
export interface SampleDefaults {
  readonly description: number;
  readonly duration: number;
  readonly size: number;
  readonly flags: number;
}

export interface Mp4Track {
  readonly id: number;
  /** `vide`, `soun`, ... */
  readonly handler: string;
  /** Ticks a second of the track's own timeline. */
  readonly timescale: number;
  readonly defaults: SampleDefaults;
  /** Seconds before the track begins, from the empty edits of its edit list. */
  readonly delay: number;
  /** The composition time, in ticks, that is presented at `delay`. */
  readonly mediaTime: number;
}

/** The initial moov of a capture's stream. */
export interface Mp4Init {
  /** ftyp and moov as they came. */
  readonly bytes: Buffer;
  readonly moov: readonly Box[];
  readonly timescale: number;
  readonly tracks: readonly Mp4Track[];
}

export function parseInit(bytes: Buffer): Mp4Init {
  const moov = readBoxes(requireBox(readBoxes(bytes), 'moov').content);
  const timescale = readTimescale(requireBox(moov, 'mvhd'));
  const defaults = readDefaults(requireBox(moov, 'mvex'));
  const traks = moov.filter((box) => box.type === 'trak');
  if (traks.length === 0) throw new ContainerError('MP4 without tracks');
  return { bytes, moov, timescale, tracks: traks.map((trak) => parseTrack(trak, timescale, defaults)) };
}

/** The track id in a `tkhd`. */
export function readTrackId(tkhd: Box): number {
  const reader = new FieldReader(tkhd.content);
  reader.skip(reader.versionAndFlags().version === 1 ? 16 : 8);
  return reader.uint32();
}

function parseTrack(
  trak: Box,
  movieTimescale: number,
  defaults: ReadonlyMap<number, SampleDefaults>,
): Mp4Track {
  const boxes = readBoxes(trak.content);
  const id = readTrackId(requireBox(boxes, 'tkhd'));
  const mdia = readBoxes(requireBox(boxes, 'mdia').content);
  const handler = new FieldReader(requireBox(mdia, 'hdlr').content);
  handler.skip(8);
  const trackDefaults = defaults.get(id);
  if (trackDefaults === undefined) throw new ContainerError(`MP4 track ${id} without trex`);
  return {
    id,
    handler: handler.take(4).toString('latin1'),
    timescale: readTimescale(requireBox(mdia, 'mdhd')),
    defaults: trackDefaults,
    ...readEdit(findBox(boxes, 'edts'), movieTimescale),
  };
}

/** The timescale of a `mvhd` or `mdhd`. */
function readTimescale(box: Box): number {
  const reader = new FieldReader(box.content);
  reader.skip(reader.versionAndFlags().version === 1 ? 16 : 8);
  const timescale = reader.uint32();
  if (timescale === 0) throw new ContainerError(`MP4 ${box.type} with timescale 0`);
  return timescale;
}

function readDefaults(mvex: Box): Map<number, SampleDefaults> {
  const defaults = new Map<number, SampleDefaults>();
  for (const box of readBoxes(mvex.content)) {
    if (box.type !== 'trex') continue;
    const reader = new FieldReader(box.content);
    reader.skip(4);
    const id = reader.uint32();
    const description = reader.uint32();
    const duration = reader.uint32();
    const size = reader.uint32();
    defaults.set(id, { description, duration, size, flags: reader.uint32() });
  }
  return defaults;
}

/** Empty edits delay the track; the first other edit says where in the media it begins. */
function readEdit(edts: Box | undefined, movieTimescale: number): { delay: number; mediaTime: number } {
  let delay = 0;
  if (edts === undefined) return { delay, mediaTime: 0 };
  const reader = new FieldReader(requireBox(readBoxes(edts.content), 'elst').content);
  const long = reader.versionAndFlags().version === 1;
  for (let entries = reader.uint32(); entries > 0; entries--) {
    const duration = long ? reader.int64() : reader.uint32();
    const mediaTime = long ? reader.int64() : reader.int32();
    reader.skip(4);
    if (mediaTime >= 0) return { delay, mediaTime };
    delay += duration / movieTimescale;
  }
  return { delay, mediaTime: 0 };
}
