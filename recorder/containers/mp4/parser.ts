import { ByteQueue } from '../byte-queue.ts';
import {
  ContainerError,
  type ContainerEvent,
  type ContainerParser,
  type HeadBuilder,
  requireFile,
} from '../container.ts';
import { readBoxes, requireBox } from './boxes.ts';
import { type Fragment, parseFragment } from './fragment.ts';
import { Mp4Head } from './head.ts';
import { type Mp4Init, parseInit } from './init.ts';
import { presentationMs } from './timeline.ts';

/** Boxes that are read whole; ffmpeg's are a few kB. */
const MAX_BUFFERED_BOX = 16 * 1024 * 1024;
/** More than the media of any fragment of a few seconds. */
const MAX_BOX = 1024 ** 3;
/** Time from fragment to fragment that is told of as a jump: ffmpeg's are two seconds long at most. */
const LEAST_JUMP_MS = 4000;
/** Boxes between fragments that an ordinary file has no use for. */
const DROPPED = new Set(['free', 'skip', 'wide', 'styp', 'sidx', 'ssix', 'prft', 'emsg', 'mfra', 'uuid']);

interface BoxHeader {
  readonly type: string;
  readonly size: number;
  readonly headerSize: number;
}

/**
 * Fragmented MP4, that is ftyp, moov, then pairs of moof and mdat. Only the boxes before an mdat are held
 * back; what is in the mdat goes through as it comes.
 */
export class Mp4Parser implements ContainerParser {
  readonly #queue = new ByteQueue();
  #ftyp: Buffer | undefined;
  #init: Mp4Init | undefined;
  /** The moof whose mdat must come next. */
  #pending: { readonly fragment: Fragment; readonly moofSize: number } | undefined;
  /** Of the mdat or dropped box that is going through. */
  #body = { remaining: 0, media: false };
  #streamOffset = 0;
  #unitMs: number | undefined;
  #file: Mp4Head | undefined;
  #filePosition = 0;

  *push(chunk: Buffer): Generator<ContainerEvent> {
    this.#queue.append(chunk);
    for (;;) {
      const passing = Math.min(this.#body.remaining, this.#queue.length);
      this.#body.remaining -= passing;
      if (this.#body.media) yield* this.#media(passing);
      else this.#take(passing);
      if (this.#body.remaining > 0) return;
      const header = this.#peekHeader();
      if (header === undefined) return;
      const { type, size, headerSize } = header;
      if (type === 'mdat') {
        this.#checkData(size, headerSize);
        this.#body = { remaining: size, media: true };
      } else if (DROPPED.has(type) && this.#pending === undefined) {
        this.#body = { remaining: size, media: false };
      } else {
        if (size > MAX_BUFFERED_BOX) throw new ContainerError(`MP4 box ${type} of ${size} bytes`);
        if (this.#queue.length < size) return;
        yield* this.#wholeBox(type, size);
      }
    }
  }

  get isWhole(): boolean {
    return this.#pending === undefined && this.#body.remaining === 0;
  }

  startFile(): HeadBuilder {
    if (this.#init === undefined) throw new Error('a file cannot start before the first unit');
    this.#file = new Mp4Head(this.#init);
    this.#filePosition = 0;
    return this.#file;
  }

  end(): number {
    const dropped = this.#queue.length;
    this.#take(dropped);
    return dropped;
  }

  #peekHeader(): BoxHeader | undefined {
    if (this.#queue.length < 8) return undefined;
    const header = this.#queue.peek(0, 8);
    const type = header.toString('latin1', 4, 8);
    let size = header.readUInt32BE(0);
    let headerSize = 8;
    if (size === 1) {
      if (this.#queue.length < 16) return undefined;
      size = Number(this.#queue.peek(8, 8).readBigUInt64BE());
      headerSize = 16;
    }
    if (size < headerSize || size > MAX_BOX) throw new ContainerError(`MP4 box of ${size} bytes`);
    return { type, size, headerSize };
  }

  *#wholeBox(type: string, size: number): Generator<ContainerEvent> {
    if (type === 'moof') {
      yield* this.#moof(size);
    } else if (type === 'ftyp' && this.#ftyp === undefined) {
      this.#ftyp = Buffer.from(this.#queue.peek(0, size));
      this.#take(size);
    } else if (type === 'moov' && this.#ftyp !== undefined && this.#init === undefined) {
      this.#init = parseInit(Buffer.concat([this.#ftyp, this.#queue.peek(0, size)]));
      this.#take(size);
      yield { type: 'init', bytes: this.#init.bytes };
    } else {
      throw new ContainerError(`MP4 box ${JSON.stringify(type)} where none may be`);
    }
  }

  *#moof(size: number): Generator<ContainerEvent> {
    if (this.#init === undefined || this.#pending !== undefined)
      throw new ContainerError('MP4 fragment out of order');
    const moof = requireBox(readBoxes(this.#queue.peek(0, size)), 'moof');
    const fragment = parseFragment(moof, this.#init.tracks, this.#streamOffset);
    this.#pending = { fragment, moofSize: size };
    const timeMs = presentationMs(fragment);
    const fromMs = this.#unitMs ?? timeMs;
    this.#unitMs = timeMs;
    if (timeMs - fromMs > LEAST_JUMP_MS) yield { type: 'jumped', fromMs, toMs: timeMs };
    yield { type: 'unit', key: this.#mayCut(fragment), timeMs };
    requireFile(this.#file).add(fragment, this.#filePosition);
    yield* this.#media(size);
  }

  /** A file begins with a video key frame, if there is video at all. */
  #mayCut(fragment: Fragment): boolean {
    if (!this.#init?.tracks.some((track) => track.handler === 'vide')) return true;
    const video = fragment.tracks.find(({ track }) => track.handler === 'vide');
    return video?.runs[0]?.samples[0]?.sync ?? false;
  }

  #checkData(size: number, headerSize: number): void {
    if (this.#pending === undefined) throw new ContainerError('MP4 media without a fragment header');
    const { fragment, moofSize } = this.#pending;
    if (fragment.tracks.length > 0) {
      const inside = fragment.dataStart >= moofSize + headerSize && fragment.dataEnd <= moofSize + size;
      if (!inside) throw new ContainerError('MP4 samples outside the media of their fragment');
    }
    this.#pending = undefined;
  }

  *#media(size: number): Generator<ContainerEvent> {
    this.#filePosition += size;
    for (const bytes of this.#take(size)) yield { type: 'media', bytes };
  }

  #take(size: number): Buffer[] {
    this.#streamOffset += size;
    return this.#queue.take(size);
  }
}
