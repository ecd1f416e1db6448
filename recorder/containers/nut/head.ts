import { ContainerError } from '../container.ts';
import { Cursor } from './numbers.ts';

/** Seconds of one tick. */
export interface TimeBase {
  readonly numerator: number;
  readonly denominator: number;
}

/** What the first byte of a frame says of it. */
export interface FrameCode {
  readonly flags: number;
  readonly ptsDelta: number;
  readonly stream: number;
  readonly sizeFactor: number;
  readonly sizeRest: number;
  readonly reserved: number;
  readonly elided: number;
}

export interface MainHeader {
  readonly timeBases: readonly TimeBase[];
  /** By the first byte; undefined: no frame begins with it. */
  readonly codes: readonly (FrameCode | undefined)[];
  /** What frames begin with that is left out of them. */
  readonly elided: readonly Buffer[];
}

/** A picture or a sound, and all that a decoder has to know before it. */
export interface NutStream {
  readonly id: number;
  readonly kind: 'video' | 'audio' | 'other';
  /** Number of its time base in the main header. */
  readonly base: number;
  readonly timeBase: TimeBase;
  /** So many bits of a time stamp may be all that is written of it. */
  readonly shortPtsBits: number;
  /** What says how it is decoded: codec, settings, size or sample rate; two streams with the same are decoded alike. */
  readonly settings: Buffer;
  /** Samples per second, of sound. */
  readonly sampleRate: number | undefined;
}

/** The first byte of what is no frame. */
export const STARTCODE_BYTE = 0x4e;

const CHECKSUM_BYTES = 4;
/** Of first bytes that no frame has. */
const INVALID_FLAG = 8192;

const codesIn = (cursor: Cursor): (FrameCode | undefined)[] => {
  const codes: (FrameCode | undefined)[] = [];
  let [ptsDelta, sizeFactor, stream, elided] = [0, 1, 0, 0];
  while (codes.length < 256 && !cursor.isShort) {
    const flags = cursor.unsigned();
    const fields = cursor.unsigned();
    if (fields > 0) ptsDelta = cursor.signed();
    if (fields > 1) sizeFactor = cursor.unsigned();
    if (fields > 2) stream = cursor.unsigned();
    const sizeRest = fields > 3 ? cursor.unsigned() : 0;
    const reserved = fields > 4 ? cursor.unsigned() : 0;
    let count = fields > 5 ? cursor.unsigned() : sizeFactor - sizeRest;
    if (fields > 6) cursor.signed();
    if (fields > 7) elided = cursor.unsigned();
    for (let field = 8; field < fields && !cursor.isShort; field += 1) cursor.unsigned();
    if (count <= 0) throw new ContainerError('a NUT without frame codes');
    for (let rest = sizeRest; count > 0 && codes.length < 256; ) {
      if (codes.length === STARTCODE_BYTE) {
        codes.push(undefined);
        continue;
      }
      const isFrame = (flags & INVALID_FLAG) === 0;
      codes.push(
        isFrame ? { flags, ptsDelta, stream, sizeFactor, sizeRest: rest, reserved, elided } : undefined,
      );
      rest += 1;
      count -= 1;
    }
  }
  return codes;
};

const elidedIn = (cursor: Cursor): Buffer[] => {
  const elided: Buffer[] = [Buffer.alloc(0)];
  if (cursor.left <= CHECKSUM_BYTES) return elided;
  for (let left = cursor.unsigned(); left > 0 && !cursor.isShort; left -= 1) elided.push(cursor.counted());
  return elided;
};

const NEWEST_VERSION = 3;

/** @throws ContainerError */
export const parseMainHeader = (body: Buffer): MainHeader => {
  const cursor = new Cursor(body);
  const version = cursor.unsigned();
  if (version > NEWEST_VERSION) throw new ContainerError(`a NUT of version ${version}`);
  // Streams, and how far syncpoints are apart.
  cursor.unsigned();
  cursor.unsigned();
  const timeBases: TimeBase[] = [];
  for (let left = cursor.unsigned(); left > 0 && !cursor.isShort; left -= 1)
    timeBases.push({ numerator: cursor.unsigned(), denominator: cursor.unsigned() });
  const codes = codesIn(cursor);
  const elided = elidedIn(cursor);
  if (cursor.isShort) throw new ContainerError('a NUT with half a header');
  return { timeBases, codes, elided };
};

const KINDS = ['video', 'audio'] as const;

/** @throws ContainerError */
export const parseStreamHeader = (body: Buffer, { timeBases }: MainHeader): NutStream => {
  const cursor = new Cursor(body);
  const id = cursor.unsigned();
  const settingsBegin = cursor.at;
  const kind = KINDS[cursor.unsigned()] ?? 'other';
  cursor.counted();
  const base = cursor.unsigned();
  const shortPtsBits = cursor.unsigned();
  // The greatest distance of time stamps, the delay of the decoder, flags.
  for (let field = 0; field < 3; field += 1) cursor.unsigned();
  cursor.counted();
  const sampleRate = kind === 'audio' ? cursor.unsigned() : undefined;
  const timeBase = timeBases[base];
  if (cursor.isShort || timeBase === undefined) throw new ContainerError('a NUT with half a stream');
  const settings = body.subarray(settingsBegin, body.length - CHECKSUM_BYTES);
  return { id, kind, base, timeBase, shortPtsBits, settings, sampleRate };
};
