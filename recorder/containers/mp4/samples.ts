import { GrowableUint32, RunLengths } from '../growable.ts';
import { uint32s, writeBox } from './boxes.ts';
import type { Sample, TrackFragment } from './fragment.ts';

const MAX_UINT32 = 0xffffffff;

/** A guess at a fragment's last sample that is longer comes from a jump of the time stamps behind it. */
const LONGEST_GUESS_SECONDS = 1;

interface Chunk {
  /** In bytes from the first byte of the file's media. */
  readonly offset: number;
  readonly bytes: number;
  readonly samples: number;
  readonly description: number;
}

/** The samples of one track in one file, as compact as the tables they become. */
export class TrackSamples {
  /** Decode time of the first sample in the timeline of the capture, in ticks. */
  readonly start: number;
  /** Sum of the durations, in ticks. */
  duration = 0;
  /** Earliest and latest presentation, in ticks after `start`. */
  #presentationStart = Number.POSITIVE_INFINITY;
  #presentationEnd = 0;
  readonly #sizes = new GrowableUint32();
  readonly #durations = new RunLengths();
  readonly #compositionOffsets = new RunLengths();
  readonly #sync = new RunLengths();
  readonly #chunks: Chunk[] = [];
  /** The tables that do not depend on what stands before the media: megabytes for a long file, so made once. */
  #fixedTables: Buffer[] | undefined;

  constructor(start: number) {
    this.start = start;
  }

  get count(): number {
    return this.#sizes.length;
  }

  get presentationStart(): number {
    return this.#presentationStart;
  }

  get presentationEnd(): number {
    return this.#presentationEnd;
  }

  /** @param position of the fragment's moof, in bytes from the first byte of the file's media */
  add(fragment: TrackFragment, position: number): void {
    this.#fixedTables = undefined;
    if (fragment.decodeTime !== undefined && this.count > 0) this.#moveEnd(fragment.decodeTime - this.start);
    for (const run of fragment.runs) {
      const { bytes, description, samples } = run;
      this.#chunks.push({ offset: position + run.offset, bytes, samples: samples.length, description });
      for (const sample of samples) this.#push(sample);
    }
    this.#limitGuess(LONGEST_GUESS_SECONDS * fragment.track.timescale);
  }

  /** Gives up the samples that do not lie wholly within the first `mediaBytes` bytes. */
  truncate(mediaBytes: number): void {
    this.#fixedTables = undefined;
    const before = this.count;
    for (let chunk = this.#chunks.pop(); chunk !== undefined; chunk = this.#chunks.pop()) {
      let { bytes, samples } = chunk;
      while (samples > 0 && chunk.offset + bytes > mediaBytes) {
        bytes -= this.#sizes.at(this.count - 1);
        this.#pop();
        samples--;
      }
      if (samples === 0) continue;
      this.#chunks.push({ ...chunk, bytes, samples });
      break;
    }
    if (this.count < before) this.#presentationEnd = this.#findPresentationEnd();
  }

  /** The sample table, with the sample description as it came. @param headBytes what stands before the media */
  table(stsd: Buffer, headBytes: number): Buffer[] {
    this.#fixedTables ??= [
      ...writeBox('stts', uint32s(0, this.#durations.runs), this.#durations.toBigEndian()),
      ...this.#compositionTable(),
      ...this.#syncTable(),
      ...this.#chunkTable(),
      ...writeBox('stsz', uint32s(0, 0, this.count), this.#sizes.toBigEndian()),
    ];
    return writeBox('stbl', stsd, ...this.#fixedTables, ...this.#offsetTable(headBytes));
  }

  /** Composition offsets may be negative; then all are moved up, and the edit list moves the track back. */
  get compositionShift(): number {
    return Math.max(0, -this.#presentationStart);
  }

  /**
   * The duration of a fragment's last sample is a guess until the next fragment says when it begins. A gap is
   * filled by that sample too. What does not fit its 32 bits is caught up at the next fragment.
   */
  #moveEnd(end: number): void {
    const last = this.#durations.pop();
    const moved = Math.min(Math.max(last + end - this.duration, 0), MAX_UINT32);
    this.#durations.push(moved);
    this.duration += moved - last;
  }

  #limitGuess(most: number): void {
    if (this.count === 0) return;
    const guess = this.#durations.pop();
    const duration = Math.min(guess, most);
    this.#durations.push(duration);
    if (duration === guess) return;
    this.duration -= guess - duration;
    this.#presentationEnd = this.#findPresentationEnd();
  }

  #push(sample: Sample): void {
    const presentation = this.duration + sample.compositionOffset;
    this.#presentationStart = Math.min(this.#presentationStart, presentation);
    this.#presentationEnd = Math.max(this.#presentationEnd, presentation + sample.duration);
    this.duration += sample.duration;
    this.#sizes.push(sample.size);
    this.#durations.push(sample.duration);
    this.#compositionOffsets.push(sample.compositionOffset);
    this.#sync.push(sample.sync ? 1 : 0);
  }

  #pop(): void {
    this.#sizes.truncate(this.count - 1);
    this.#sync.pop();
    this.#compositionOffsets.pop();
    this.duration -= this.#durations.pop();
  }

  #findPresentationEnd(): number {
    const durations = this.#durations.values();
    let decodeTime = 0;
    let end = 0;
    for (const offset of this.#compositionOffsets.values()) {
      const duration = durations.next().value ?? 0;
      end = Math.max(end, decodeTime + (offset | 0) + duration);
      decodeTime += duration;
    }
    return end;
  }

  #compositionTable(): Buffer[] {
    const offsets = this.#compositionOffsets;
    if (offsets.runs === 1 && offsets.value(0) === 0) return [];
    const table = offsets.toBigEndian(this.compositionShift);
    let version = 0;
    for (let position = 4; position < table.length; position += 8) {
      if (table.readInt32BE(position) < 0) version = 1;
    }
    return writeBox('ctts', uint32s(version << 24, offsets.runs), table);
  }

  /** Left out when every sample is a sync sample. */
  #syncTable(): Buffer[] {
    const numbers = new GrowableUint32();
    for (let run = 0, next = 1; run < this.#sync.runs; next += this.#sync.count(run++)) {
      if (this.#sync.value(run) === 0) continue;
      for (let index = 0; index < this.#sync.count(run); index++) numbers.push(next + index);
    }
    if (numbers.length === this.count) return [];
    return writeBox('stss', uint32s(0, numbers.length), numbers.toBigEndian());
  }

  #chunkTable(): Buffer[] {
    const entries = new GrowableUint32();
    for (const [index, chunk] of this.#chunks.entries()) {
      const before = this.#chunks[index - 1];
      if (before?.samples === chunk.samples && before.description === chunk.description) continue;
      for (const field of [index + 1, chunk.samples, chunk.description]) entries.push(field);
    }
    return writeBox('stsc', uint32s(0, entries.length / 3), entries.toBigEndian());
  }

  #offsetTable(headBytes: number): Buffer[] {
    const table = Buffer.allocUnsafe(this.#chunks.length * 8);
    for (const [index, chunk] of this.#chunks.entries()) {
      const offset = chunk.offset + headBytes;
      table.writeUInt32BE(Math.floor(offset / 2 ** 32), index * 8);
      table.writeUInt32BE(offset % 2 ** 32, index * 8 + 4);
    }
    return writeBox('co64', uint32s(0, this.#chunks.length), table);
  }
}
