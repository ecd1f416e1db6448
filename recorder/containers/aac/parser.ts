import { ByteQueue } from '../byte-queue.ts';
import {
  ContainerError,
  type ContainerEvent,
  type ContainerParser,
  type HeadBuilder,
  requireFile,
} from '../container.ts';
import { Groups } from '../groups.ts';

const MIN_HEADER = 7;
const SAMPLES_PER_BLOCK = 1024;
const SAMPLE_RATES = [
  96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350,
];

interface AdtsFrame {
  readonly size: number;
  readonly durationMs: number;
  /** Profile, sample rate and channels: what must stay the same from frame to frame. */
  readonly config: number;
}

/** AAC in ADTS: every frame stands alone, so any frame may begin a file and no file needs a head. */
export class AdtsParser implements ContainerParser {
  readonly #queue = new ByteQueue();
  #timeMs = 0;
  #config: number | undefined;
  #file: AdtsHead | undefined;

  // Only whole frames are handed out.
  readonly isWhole = true;

  *push(chunk: Buffer): Generator<ContainerEvent> {
    this.#queue.append(chunk);
    const frames: AdtsFrame[] = [];
    let size = 0;
    for (let frame = this.#frameAt(size); frame !== undefined; frame = this.#frameAt(size)) {
      frames.push(frame);
      size += frame.size;
      if (this.#config !== undefined && frame.config !== this.#config)
        yield { type: 'changed', what: 'audio' };
      this.#config = frame.config;
    }
    if (frames.length === 0) return;
    yield { type: 'unit', key: true, timeMs: this.#timeMs };
    const file = requireFile(this.#file);
    for (const frame of frames) {
      this.#timeMs += frame.durationMs;
      file.add(frame.durationMs);
    }
    for (const bytes of this.#queue.take(size)) yield { type: 'media', bytes };
  }

  startFile(): HeadBuilder {
    this.#file = new AdtsHead();
    return this.#file;
  }

  end(): number {
    const dropped = this.#queue.length;
    this.#queue.take(dropped);
    return dropped;
  }

  /** The frame that begins at `position`, once all of it has arrived. */
  #frameAt(position: number): AdtsFrame | undefined {
    if (this.#queue.length < position + MIN_HEADER) return undefined;
    const header = this.#queue.peek(position, MIN_HEADER);
    // Syncword 0xFFF, then one bit MPEG version, two bits layer (always 0).
    if ((header.readUInt16BE(0) & 0xfff6) !== 0xfff0)
      throw new ContainerError('no ADTS frame where one should begin');
    const size = (header.readUInt32BE(3) >>> 13) & 0x1fff;
    const sampleRate = SAMPLE_RATES[(header.readUInt8(2) >> 2) & 0xf];
    if (sampleRate === undefined) throw new ContainerError('ADTS frame with a reserved sample rate');
    if (size <= MIN_HEADER) throw new ContainerError(`ADTS frame of ${size} bytes`);
    if (this.#queue.length < position + size) return undefined;
    const blocks = (header.readUInt8(6) & 3) + 1;
    // Bits that may differ between frames (private, copyright) are left out.
    const config = (header.readUInt16BE(2) & 0xfdc0) >> 6;
    return { size, durationMs: (blocks * SAMPLES_PER_BLOCK * 1000) / sampleRate, config };
  }
}

class AdtsHead implements HeadBuilder {
  readonly groups = new Groups();
  readonly ignoresUnnamedMedia = false;
  #durationMs = 0;
  #frames = 0;

  add(durationMs: number): void {
    this.#durationMs += durationMs;
    this.#frames++;
  }

  // There are no pictures.
  dropLastGroup(): [] {
    return [];
  }

  initialHead(): Buffer {
    return Buffer.alloc(0);
  }

  finalHead(): Buffer {
    return Buffer.alloc(0);
  }

  durationMs(): number {
    return this.#durationMs;
  }

  videoFrames(): number {
    return 0;
  }

  audioFrames(): number {
    return this.#frames;
  }
}
