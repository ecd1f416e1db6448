import { crc32 } from 'node:zlib';
import { ImageError, type Picture } from './picture.ts';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Length, type and checksum of a chunk, around its data. */
const AROUND = 12;
const HEADER_BYTES = 13;

/**
 * The chunks that make the picture. The others may hold texts and profiles that a few kB of compressed data blow up to
 * gigabytes in a decoder, and further pictures of an animation; none of that is wanted on a recording.
 */
const KEPT = new Set(['IHDR', 'PLTE', 'tRNS', 'gAMA', 'sRGB', 'IDAT', 'IEND']);

export const isPng = (bytes: Buffer): boolean => bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE);

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
  /** All of it. */
  readonly whole: Buffer;
}

const chunksOf = (bytes: Buffer): Chunk[] => {
  const chunks: Chunk[] = [];
  let at = SIGNATURE.length;
  while (chunks.at(-1)?.type !== 'IEND') {
    if (at + AROUND > bytes.length) throw new ImageError('is a PNG that ends too soon');
    const end = at + AROUND + bytes.readUInt32BE(at);
    if (end > bytes.length) throw new ImageError('is a PNG that ends too soon');
    if (crc32(bytes.subarray(at + 4, end - 4)) !== bytes.readUInt32BE(end - 4)) {
      throw new ImageError('is a PNG that is damaged: a checksum in it is wrong');
    }
    const type = bytes.toString('latin1', at + 4, at + 8);
    chunks.push({ type, data: bytes.subarray(at + 8, end - 4), whole: bytes.subarray(at, end) });
    at = end;
  }
  return chunks;
};

/** A PNG without all that is not its picture. @throws ImageError when it is none */
export const readPng = (bytes: Buffer): Picture => {
  const chunks = chunksOf(bytes);
  const [header] = chunks;
  if (header?.type !== 'IHDR' || header.data.length !== HEADER_BYTES) {
    throw new ImageError('is a PNG without a header');
  }
  if (chunks.filter(({ type }) => type === 'IHDR').length > 1)
    throw new ImageError('is a PNG with two headers');
  if (!chunks.some(({ type }) => type === 'IDAT')) throw new ImageError('is a PNG without a picture');
  const kept = chunks.filter(({ type }) => KEPT.has(type)).map(({ whole }) => whole);
  return {
    contentType: 'image/png',
    width: header.data.readUInt32BE(0),
    height: header.data.readUInt32BE(4),
    bytes: Buffer.concat([SIGNATURE, ...kept]),
  };
};
