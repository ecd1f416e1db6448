import { isParameterSet, isPicture, nalUnits } from './nal.ts';
import type { TsTrack } from './tables.ts';

/** Parameter sets stand before the picture; only an encoder's long greeting may come before them. */
const MOST_HEAD_BYTES = 4096;

/** Profile, sample rate and channels of AAC. */
const aacSettings = (frame: Buffer): string | undefined =>
  frame.length < 4 || (frame.readUInt16BE(0) & 0xfff6) !== 0xfff0
    ? undefined
    : String((frame.readUInt16BE(2) & 0xfdc0) >> 6);

const videoSettings = (head: Buffer, codec: TsTrack['codec']): string | undefined => {
  const sets: string[] = [];
  for (const nal of nalUnits(head)) {
    if (isPicture(nal, codec)) break;
    if (isParameterSet(nal, codec)) sets.push(nal.toString('latin1'));
  }
  return sets.length === 0 ? undefined : sets.join('\n');
};

/**
 * The codec settings that one track carries in its access units, and whether they change. Key frames have the
 * settings of a video before their picture, frames of AAC have theirs in their header.
 */
export class CodecSettings {
  readonly #codec: TsTrack['codec'];
  #known: string | undefined;
  #head: Buffer[] | undefined;
  #headBytes = 0;

  constructor(codec: TsTrack['codec']) {
    this.#codec = codec;
  }

  /** Whether it wants to see the next bytes of the access unit. */
  get isReading(): boolean {
    return this.#head !== undefined;
  }

  /** An access unit begins; what `add` returns is of it. */
  begin(key: boolean): void {
    const isVideo = this.#codec === 'h264' || this.#codec === 'hevc';
    this.#head = (isVideo && key) || this.#codec === 'aac' ? [] : undefined;
    this.#headBytes = 0;
  }

  /** The next bytes of the access unit. @returns whether they say that the settings have changed */
  add(payload: Buffer): boolean {
    if (this.#head === undefined) return false;
    this.#head.push(payload);
    this.#headBytes += payload.length;
    const isWhole = this.#codec === 'aac' || this.#headBytes >= MOST_HEAD_BYTES;
    return isWhole && this.end();
  }

  /** The access unit is over. @returns as `add` */
  end(): boolean {
    if (this.#head === undefined) return false;
    const head = Buffer.concat(this.#head);
    this.#head = undefined;
    const found = this.#codec === 'aac' ? aacSettings(head) : videoSettings(head, this.#codec);
    if (found === undefined || found === this.#known) return false;
    const changed = this.#known !== undefined;
    this.#known = found;
    return changed;
  }
}
