import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** One chunk of a PNG, with a right checksum. */
export const pngChunk = (type: string, data: Buffer): Buffer => {
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  checksum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, checksum]);
};

const header = (width: number, height: number): Buffer => {
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  // Eight bits of red, green, blue and opacity each.
  data.set([8, 6, 0, 0, 0], 8);
  return pngChunk('IHDR', data);
};

export interface PngOptions {
  readonly width?: number;
  readonly height?: number;
  /** Of every pixel: red, green, blue, opacity. */
  readonly color?: readonly [number, number, number, number];
  /** Between header and picture. */
  readonly extra?: readonly Buffer[];
}

/** A PNG of one colour. Its header says what it is told to; the picture is that large, up to 512 rows. */
export const pngOf = ({
  width = 16,
  height = 8,
  color = [255, 0, 0, 255],
  extra = [],
}: PngOptions = {}): Buffer => {
  const row = Buffer.concat([Buffer.alloc(1), Buffer.alloc(width * 4, Buffer.from(color))]);
  const rows = Buffer.concat(Array.from({ length: Math.min(height, 512) }, () => row));
  return Buffer.concat([
    SIGNATURE,
    header(width, height),
    ...extra,
    pngChunk('IDAT', deflateSync(rows)),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
};
