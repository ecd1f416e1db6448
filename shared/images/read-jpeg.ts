import { ImageError, type Picture } from './picture.ts';

const MARKER = 0xff;
const [SOI, EOI, SOS, TEM] = [0xd8, 0xd9, 0xda, 0x01];

/** Frames that begin with baseline, extended and progressive pictures; others hardly any decoder knows. */
const FRAMES = new Set([0xc0, 0xc1, 0xc2]);
const OTHER_FRAMES = new Set([0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf]);
/** A progressive picture has about ten; with thousands of empty ones a decoder would be busy for minutes. */
const MOST_SCANS = 64;
const isRestart = (marker: number): boolean => marker >= 0xd0 && marker <= 0xd7;

export const isJpeg = (bytes: Buffer): boolean =>
  bytes[0] === MARKER && bytes[1] === SOI && bytes[2] === MARKER;

/** Where the next marker after compressed data is: one that is neither a stuffed byte nor a restart. */
const endOfScan = (bytes: Buffer, from: number): number => {
  for (let at = from; ; at += 1) {
    at = bytes.indexOf(MARKER, at);
    const next = at < 0 ? undefined : bytes[at + 1];
    if (next === undefined) throw new ImageError('is a JPEG that ends too soon');
    if (next !== 0 && next !== MARKER && !isRestart(next)) return at;
  }
};

/**
 * A JPEG up to its end. All of its segments are looked at: a second frame could be larger than the first one says.
 * @throws ImageError when it is none
 */
export const readJpeg = (bytes: Buffer): Picture => {
  let size: { width: number; height: number } | undefined;
  let scans = 0;
  let at = 2;
  for (;;) {
    const marker = bytes[at + 1];
    if (bytes[at] !== MARKER || marker === undefined) throw new ImageError('is a JPEG that is damaged');
    if (marker === MARKER) {
      at += 1;
      continue;
    }
    if (marker === EOI) break;
    if (marker === TEM || isRestart(marker)) {
      at += 2;
      continue;
    }
    if (at + 4 > bytes.length) throw new ImageError('is a JPEG that ends too soon');
    const length = bytes.readUInt16BE(at + 2);
    const end = at + 2 + length;
    if (length < 2 || end > bytes.length) throw new ImageError('is a JPEG that ends too soon');
    if (OTHER_FRAMES.has(marker)) throw new ImageError('is a JPEG of a rare kind; save it as a usual one');
    if (FRAMES.has(marker)) {
      if (size !== undefined) throw new ImageError('is a JPEG with two pictures');
      if (length < 8) throw new ImageError('is a JPEG that is damaged');
      size = { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    }
    if (marker === SOS) scans += 1;
    if (scans > MOST_SCANS) throw new ImageError('is a JPEG of a rare kind; save it as a usual one');
    at = marker === SOS ? endOfScan(bytes, end) : end;
  }
  if (size === undefined || scans === 0) throw new ImageError('is a JPEG without a picture');
  return { contentType: 'image/jpeg', ...size, bytes: bytes.subarray(0, at + 2) };
};
