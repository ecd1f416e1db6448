import { MediaBuffer, type Taken } from '../files/media-buffer.ts';

/** Where a segment may begin. */
export interface KeyFrame {
  /** Bytes of the capture before it. */
  readonly position: number;
  /** When it is shown, in the capture's timeline. */
  readonly seconds: number;
  /** Under which another reader of the stream knows it; absent until it is whole. */
  fingerprint?: string;
}

export interface Cut {
  readonly media: Taken;
  readonly beginSeconds: number;
  readonly endSeconds: number;
}

interface Unit {
  readonly position: number;
  readonly seconds: number;
  readonly key: boolean;
  readonly leads: boolean;
}

/** Time stamps of live streams tremble by some milliseconds; a segment must not get a whole group longer by that. */
export const TREMBLE_SECONDS = 0.02;

/** A segment that is so much longer than it should be, or so large, does not wait for a key frame any more: memory is finite. */
const MOST_OVERDUE_SECONDS = 60;
const MOST_BYTES = 64 * 1024 * 1024;

/** Holds the media that are in no segment yet, and cuts them at key frames, or without one when none comes. */
export class SegmentCutter {
  readonly #segmentSeconds: number;
  readonly #media = new MediaBuffer();
  /** Bytes that have been taken out. */
  #taken = 0;
  /** Of the media here; the first segment to come begins with the first. */
  #keys: KeyFrame[] = [];
  /** The access unit that has begun last; whether it is whole is not known before the next one. */
  #unit: Unit | undefined;
  /** When the last one is shown of those that are whole. */
  #lastSeconds = 0;
  #end: { readonly position: number; readonly seconds: number } | undefined;

  constructor(segmentSeconds: number) {
    this.#segmentSeconds = segmentSeconds;
  }

  get length(): number {
    return this.#media.length;
  }

  /** Nothing is taken in any more. */
  get ended(): boolean {
    return this.#end !== undefined;
  }

  get keys(): readonly KeyFrame[] {
    return this.#keys;
  }

  /** What is here, in seconds, but for the last frame's own length. */
  get seconds(): number {
    const [first] = this.#keys;
    return first === undefined ? 0 : Math.max(0, this.#lastSeconds - first.seconds);
  }

  /** The next bytes are of an access unit, and the one before is whole. What comes before the first key frame is left out. */
  begin(unit: Omit<Unit, 'position'>): void {
    if (this.ended) return;
    this.#settle();
    const position = this.#position;
    this.#unit = { ...unit, position };
    if (unit.key || this.#isOverdue(unit)) this.#keys.push({ position, seconds: unit.seconds });
  }

  append(packets: Buffer): void {
    if (!this.ended && this.#keys.length > 0) this.#media.append(packets);
  }

  /** Ends behind the last access unit, which is whole. @param frameSeconds how long its picture is shown */
  endHere(frameSeconds: number): void {
    if (this.ended) return;
    this.#settle();
    this.#endAt(this.#position, this.#lastSeconds + frameSeconds);
  }

  /** Ends before the access unit that has begun last. @param frameSeconds how long the picture before it is shown */
  endBeforeUnit(frameSeconds: number): void {
    if (this.ended) return;
    const { position, key, seconds } = this.#unit ?? { position: this.#position, key: false, seconds: 0 };
    this.#endAt(position, key ? seconds : this.#lastSeconds + frameSeconds);
  }

  /** Ends before a key frame that is here; also when it has ended behind it. */
  endBefore({ position, seconds }: KeyFrame): void {
    this.#endAt(position, seconds);
  }

  /** Throws away what comes before a key frame that is here. */
  dropBefore(key: KeyFrame): void {
    this.#media.take(key.position - this.#taken).release();
    this.#taken = key.position;
    this.#keys = this.#keys.filter(({ position }) => position >= key.position);
  }

  /** The first segment that is whole: the key frame that begins the next one is here. */
  whole(): Cut | undefined {
    const [first] = this.#keys;
    if (first === undefined) return undefined;
    const over = first.seconds + this.#segmentSeconds - TREMBLE_SECONDS;
    const next = this.#keys.find((key) => key !== first && key.seconds >= over);
    return next && this.#cut(first, next);
  }

  /** What is left when it has ended and nothing whole is here any more; `before`: only what comes before that key frame. */
  rest(before?: KeyFrame): Cut | undefined {
    const [first] = this.#keys;
    if (first === undefined || first === before) return undefined;
    return this.#end && this.#cut(first, before ?? this.#end);
  }

  /** Since the last place where a segment may begin. */
  #isOverdue({ seconds }: Pick<Unit, 'seconds'>): boolean {
    const last = this.#keys.at(-1);
    if (last === undefined) return false;
    const isLong = seconds - last.seconds >= this.#segmentSeconds + MOST_OVERDUE_SECONDS;
    const isLarge = this.#position - last.position >= MOST_BYTES;
    return isLong || (isLarge && seconds - last.seconds >= this.#segmentSeconds);
  }

  get #position(): number {
    return this.#taken + this.#media.length;
  }

  #settle(): void {
    if (this.#unit?.leads) this.#lastSeconds = Math.max(this.#lastSeconds, this.#unit.seconds);
  }

  #endAt(position: number, seconds: number): void {
    this.#end = { position, seconds };
    this.#keys = this.#keys.filter((key) => key.position < position);
  }

  #cut(first: KeyFrame, end: { readonly position: number; readonly seconds: number }): Cut {
    const media = this.#take(end.position - this.#taken);
    this.#taken = end.position;
    this.#keys = this.#keys.filter(({ position }) => position >= end.position);
    return { media, beginSeconds: first.seconds, endSeconds: end.seconds };
  }

  #take(length: number): Taken {
    if (length === this.#media.length) return this.#media.take(length);
    // What stays shares a block with what is taken, and segments need not be stored in order: each has its own blocks.
    const own = new MediaBuffer();
    const { buffers, release } = this.#media.take(length);
    for (const buffer of buffers) own.append(buffer);
    release();
    return own.take(length);
  }
}
