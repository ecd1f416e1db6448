import { TICKS_PER_SECOND } from '../containers/ts/pes.ts';
import { TsReader } from '../containers/ts/reader.ts';

export interface KeyFramesOptions {
  /** Whether a picture of this time is wanted, in seconds since the first key frame. */
  wants(seconds: number): boolean;
  /** One that is wanted, whole: MPEG-TS that can be decoded by itself. */
  onKeyFrame(keyFrame: Buffer, seconds: number): void;
}

/** A picture with more bytes is none that a thumbnail is worth. */
const MOST_BYTES = 16 * 1024 * 1024;

/** Takes pictures out of what ffmpeg writes of a capture's key frames: MPEG-TS of its video. */
export class KeyFrames {
  readonly #options: KeyFramesOptions;
  readonly #reader = new TsReader();
  #firstPts: number | undefined;
  #wanted: { readonly seconds: number; readonly packets: Buffer[]; bytes: number } | undefined;

  constructor(options: KeyFramesOptions) {
    this.#options = options;
  }

  /** @throws ContainerError */
  push(chunk: Buffer): void {
    for (const event of this.#reader.push(chunk)) {
      if (event.type === 'unit') {
        this.#end();
        if (!event.key || event.track.kind !== 'video') continue;
        this.#firstPts ??= event.pts;
        const seconds = (event.pts - this.#firstPts) / TICKS_PER_SECOND;
        if (this.#options.wants(seconds))
          this.#wanted = { seconds, packets: [this.#reader.tables()], bytes: 0 };
      } else if (event.type === 'media') this.#add(event.bytes);
    }
  }

  /** ffmpeg has sent all that it had: the last picture is whole. */
  finish(): void {
    this.#end();
  }

  #add(packets: Buffer): void {
    if (this.#wanted === undefined) return;
    this.#wanted.bytes += packets.length;
    // They are a view of what is used again.
    if (this.#wanted.bytes <= MOST_BYTES) this.#wanted.packets.push(Buffer.from(packets));
    else this.#wanted = undefined;
  }

  #end(): void {
    const wanted = this.#wanted;
    this.#wanted = undefined;
    if (wanted !== undefined) this.#options.onKeyFrame(Buffer.concat(wanted.packets), wanted.seconds);
  }
}
