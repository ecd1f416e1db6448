import { ByteQueue } from '../byte-queue.ts';
import { ContainerError } from '../container.ts';
import {
  type FrameCode,
  type MainHeader,
  type NutStream,
  parseMainHeader,
  parseStreamHeader,
  STARTCODE_BYTE,
  type TimeBase,
} from './head.ts';
import { Cursor } from './numbers.ts';

export const ID_STRING = Buffer.from('nut/multimedia container\0');
export const SYNCPOINT = Buffer.from('4e4be4adeeca4569', 'hex');
const MAIN = Buffer.from('4e4d7a561f5f04ad', 'hex');
const STREAM = Buffer.from('4e5311405bf2f9db', 'hex');

export const FLAGS = {
  key: 1,
  codedPts: 8,
  streamId: 16,
  sizeFactor: 32,
  checksum: 64,
  reserved: 128,
  elided: 1024,
  matchTime: 2048,
  coded: 4096,
} as const;

/** One frame of a picture or a sound, as an encoder has made it. */
export interface NutFrame {
  readonly stream: number;
  /** In ticks of its stream's time base. */
  readonly pts: number;
  readonly key: boolean;
  readonly data: Buffer;
}

/** All that comes before the first frame. */
export interface NutHead {
  readonly main: MainHeader;
  readonly streams: readonly NutStream[];
  /** As it was written. */
  readonly bytes: Buffer;
}

const STARTCODE_BYTES = 8;
/** Longer packets have a checksum of their length. */
const LONG_PACKET = 4096;
const CHECKSUM_BYTES = 4;
/** No beginning of a packet or a frame is longer than this. */
const MOST_LEAD = 128;
/** Of larger frames nothing is left out. */
const MOST_ELIDED = 4096;

/** `ticks` of one time base in those of another, rounded down. Pure. */
const rescaled = (ticks: number, from: TimeBase, to: TimeBase): number =>
  Number(
    (BigInt(ticks) * BigInt(from.numerator) * BigInt(to.denominator)) /
      (BigInt(from.denominator) * BigInt(to.numerator)),
  );

interface FrameLead {
  readonly frame: Omit<NutFrame, 'data'>;
  readonly elided: Buffer;
  readonly leadBytes: number;
  readonly dataBytes: number;
}

/** Reads NUT as ffmpeg writes it, as it comes. */
export class NutReader {
  readonly #queue = new ByteQueue();
  #main: MainHeader | undefined;
  #head: NutHead | undefined;
  readonly #streams: NutStream[] = [];
  #headBytes: Buffer[] = [];
  readonly #lastPts = new Map<number, number>();
  #isIdentified = false;

  /** Known before the first frame. */
  get head(): NutHead | undefined {
    return this.#head;
  }

  /** Every frame that is whole now. @throws ContainerError */
  push(chunk: Buffer): NutFrame[] {
    this.#queue.append(chunk);
    const frames: NutFrame[] = [];
    for (let read = this.#next(); read !== 'more'; read = this.#next())
      if (read !== 'packet') frames.push(read);
    return frames;
  }

  #next(): NutFrame | 'packet' | 'more' {
    if (this.#queue.length === 0) return 'more';
    const lead = this.#queue.peek(0, Math.min(this.#queue.length, MOST_LEAD));
    if (!this.#isIdentified) {
      if (lead.length < ID_STRING.length) return 'more';
      if (!lead.subarray(0, ID_STRING.length).equals(ID_STRING)) throw new ContainerError('no NUT');
      this.#headBytes.push(...this.#queue.take(ID_STRING.length));
      this.#isIdentified = true;
      return 'packet';
    }
    return lead[0] === STARTCODE_BYTE ? this.#packet(lead) : this.#frame(lead);
  }

  #packet(lead: Buffer): 'packet' | 'more' {
    const cursor = new Cursor(lead);
    const startcode = cursor.take(STARTCODE_BYTES);
    const size = cursor.unsigned();
    if (size > LONG_PACKET) cursor.take(CHECKSUM_BYTES);
    if (cursor.isShort || this.#queue.length < cursor.at + size) return 'more';
    const bytes = Buffer.concat(this.#queue.take(cursor.at + size));
    const body = bytes.subarray(cursor.at);
    if (startcode.equals(SYNCPOINT)) {
      this.#begin();
      this.#synchronize(body);
      return 'packet';
    }
    // The head is written again every now and then.
    if (this.#head !== undefined) return 'packet';
    if (startcode.equals(MAIN)) this.#main = parseMainHeader(body);
    else if (startcode.equals(STREAM)) this.#streams.push(parseStreamHeader(body, this.#known()));
    else return 'packet';
    this.#headBytes.push(bytes);
    return 'packet';
  }

  #known(): MainHeader {
    if (this.#main === undefined) throw new ContainerError('a NUT without a head');
    return this.#main;
  }

  #begin(): void {
    this.#head ??= { main: this.#known(), streams: this.#streams, bytes: Buffer.concat(this.#headBytes) };
    this.#headBytes = [];
  }

  #synchronize(body: Buffer): void {
    const { timeBases } = this.#known();
    const coded = new Cursor(body).unsigned();
    const from = timeBases[coded % timeBases.length];
    if (from === undefined) throw new ContainerError('a NUT without time bases');
    const ticks = Math.floor(coded / timeBases.length);
    for (const { id, timeBase } of this.#streams) this.#lastPts.set(id, rescaled(ticks, from, timeBase));
  }

  #frame(lead: Buffer): NutFrame | 'more' {
    const found = this.#leadOf(lead);
    if (found === undefined || this.#queue.length < found.leadBytes + found.dataBytes) return 'more';
    const { frame, elided, leadBytes, dataBytes } = found;
    this.#queue.take(leadBytes);
    const data = Buffer.concat([elided, ...this.#queue.take(dataBytes)]);
    this.#lastPts.set(frame.stream, frame.pts);
    return { ...frame, data };
  }

  #leadOf(lead: Buffer): FrameLead | undefined {
    const { codes, elided } = this.#known();
    const cursor = new Cursor(lead);
    const code: FrameCode | undefined = codes[cursor.byte()];
    if (code === undefined || this.#head === undefined) throw new ContainerError('a NUT that is damaged');
    // What is coded differs from what the first byte says.
    const flags = (code.flags & FLAGS.coded) === 0 ? code.flags : code.flags ^ cursor.unsigned();
    const has = (flag: number): boolean => (flags & flag) !== 0;
    const id = has(FLAGS.streamId) ? cursor.unsigned() : code.stream;
    const stream = this.#streams[id];
    const last = this.#lastPts.get(id) ?? 0;
    const pts = has(FLAGS.codedPts)
      ? fullPts(cursor.unsigned(), last, stream?.shortPtsBits ?? 0)
      : last + code.ptsDelta;
    const size = code.sizeRest + (has(FLAGS.sizeFactor) ? code.sizeFactor * cursor.unsigned() : 0);
    if (has(FLAGS.matchTime)) cursor.signed();
    const elidedId = has(FLAGS.elided) ? cursor.unsigned() : code.elided;
    const reserved = has(FLAGS.reserved) ? cursor.unsigned() : code.reserved;
    for (let left = reserved; left > 0 && !cursor.isShort; left -= 1) cursor.unsigned();
    if (has(FLAGS.checksum)) cursor.take(CHECKSUM_BYTES);
    if (cursor.isShort) {
      if (lead.length >= MOST_LEAD) throw new ContainerError('a NUT that is damaged');
      return undefined;
    }
    const begin = elided[size > MOST_ELIDED ? 0 : elidedId];
    if (stream === undefined || begin === undefined || begin.length > size)
      throw new ContainerError('a NUT that is damaged');
    return {
      frame: { stream: id, pts, key: has(FLAGS.key) },
      elided: begin,
      leadBytes: cursor.at,
      dataBytes: size - begin.length,
    };
  }
}

/** A time stamp of which perhaps only the last bits are written: the one nearest to the last. Pure. */
const fullPts = (coded: number, last: number, bits: number): number => {
  const span = 2 ** bits;
  if (coded >= span) return coded - span;
  const from = last - Math.floor((span - 1) / 2);
  return from + ((((coded - from) % span) + span) % span);
};
