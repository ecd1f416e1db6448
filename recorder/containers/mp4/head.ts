import type { HeadBuilder } from '../container.ts';
import { Groups, type Repetition, type Span } from '../groups.ts';
import { int64, uint32s, writeBox } from './boxes.ts';
import type { Fragment } from './fragment.ts';
import type { Mp4Init, Mp4Track } from './init.ts';
import { writeMoov } from './moov.ts';
import { TrackSamples } from './samples.ts';
import { trackTimeline } from './timeline.ts';

const FTYP = writeBox('ftyp', Buffer.from('isom'), uint32s(512), Buffer.from('isomiso2iso6mp41'));
/** Of an mdat with a 64-bit size. */
const MDAT_HEADER = 16;

/**
 * One file's MP4 head. The final head has all sample tables in its moov, and one mdat around all fragments,
 * in which their moof boxes are dead bytes.
 */
export class Mp4Head implements HeadBuilder {
  readonly groups = new Groups();
  // What no sample table names is dead bytes in the mdat.
  readonly ignoresUnnamedMedia = true;
  readonly #init: Mp4Init;
  readonly #samples = new Map<Mp4Track, TrackSamples>();

  constructor(init: Mp4Init) {
    this.#init = init;
  }

  /** @param position of the moof, in bytes from the first byte of the file's media */
  add(fragment: Fragment, position: number): void {
    for (const part of fragment.tracks) {
      let samples = this.#samples.get(part.track);
      if (samples === undefined) {
        samples = new TrackSamples(part.decodeTime ?? 0);
        this.#samples.set(part.track, samples);
      }
      samples.add(part, position);
    }
    this.#addToGroups(fragment, position);
  }

  dropLastGroup({ soundAlone }: Repetition): Span[] {
    const { last } = this.groups;
    if (last === undefined) return [];
    const { position: soundAt, bytes: soundBytes } = last.sound[soundAlone - 1] ?? { ...last, bytes: 0 };
    const soundEnd = soundAt + soundBytes;
    for (const [track, samples] of this.#samples)
      samples.truncate(track.handler === 'soun' ? soundEnd : last.position);
    return [{ position: last.position, bytes: soundEnd - last.position }];
  }

  initialHead(): Buffer {
    return this.#init.bytes;
  }

  finalHead(mediaBytes: number): Buffer {
    for (const samples of this.#samples.values()) samples.truncate(mediaBytes);
    const size = (parts: readonly Buffer[]) => parts.reduce((sum, part) => sum + part.length, 0);
    // The size of the head does not depend on the offsets in it, so it is found by building the moov once.
    const headBytes = size(FTYP) + size(writeMoov(this.#init, this.#samples, 0)) + MDAT_HEADER;
    return Buffer.concat([
      ...FTYP,
      ...writeMoov(this.#init, this.#samples, headBytes),
      uint32s(1),
      Buffer.from('mdat'),
      int64(MDAT_HEADER + mediaBytes),
    ]);
  }

  durationMs(): number {
    const timelines = [...this.#samples].map(([track, samples]) => {
      const { begins, presented } = trackTimeline(track, samples);
      return { begins, ends: begins + presented / track.timescale };
    });
    if (timelines.length === 0) return 0;
    return (
      (Math.max(...timelines.map(({ ends }) => ends)) - Math.min(...timelines.map(({ begins }) => begins))) *
      1000
    );
  }

  videoFrames(): number {
    return this.#count('vide');
  }

  audioFrames(): number {
    return this.#count('soun');
  }

  #addToGroups({ tracks }: Fragment, position: number): void {
    const runsOf = (handler: string) =>
      tracks.filter(({ track }) => track.handler === handler).flatMap(({ runs }) => runs);
    for (const [index, { size, sync }] of runsOf('vide')
      .flatMap(({ samples }) => samples)
      .entries()) {
      // Behind another one in its fragment, a key frame cannot be given up without that.
      this.groups.addFrame(size, sync && index === 0 ? position : undefined);
    }
    for (const { offset, samples } of runsOf('soun')) {
      let at = position + offset;
      for (const { size } of samples) {
        this.groups.addSound({ position: at, bytes: size });
        at += size;
      }
    }
  }

  #count(handler: string): number {
    let count = 0;
    for (const [track, samples] of this.#samples) if (track.handler === handler) count += samples.count;
    return count;
  }
}
