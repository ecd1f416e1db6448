import { execFile } from 'node:child_process';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { MOST_IMAGE_BYTES } from '../schemas/watermark.ts';
import { pngChunk, pngOf } from './image.fixture.ts';
import { ImageError } from './picture.ts';
import { readImage } from './read-image.ts';

const PNG_HEADER_BYTES = 33;

/** What ffmpeg makes of its arguments, or of `input` with them. */
const ffmpeg = (args: readonly string[], input?: Buffer): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const child = execFile(
      'ffmpeg',
      ['-v', 'error', ...args],
      { encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 },
      (error, stdout) => (error === null ? resolve(stdout) : reject(error)),
    );
    child.stdin?.end(input);
  });

const picture = (size: string) => ['-f', 'lavfi', '-i', `testsrc2=s=${size}:d=1:r=1`, '-frames:v', '1'];
const decoded = (bytes: Buffer): Promise<Buffer> =>
  ffmpeg(['-f', 'image2pipe', '-i', '-', '-f', 'rawvideo', '-pix_fmt', 'rgba', '-'], bytes);

let jpeg: Buffer;
let png: Buffer;
beforeAll(async () => {
  jpeg = await ffmpeg([...picture('322x180'), '-f', 'mjpeg', '-']);
  png = await ffmpeg([...picture('322x180'), '-f', 'image2pipe', '-c:v', 'png', '-']);
});

describe('an image', () => {
  it('is what its header says', () => {
    expect(readImage(png)).toMatchObject({ contentType: 'image/png', width: 322, height: 180 });
    expect(readImage(jpeg)).toMatchObject({ contentType: 'image/jpeg', width: 322, height: 180 });
  });

  it('keeps its picture, and loses what lies behind its end', async () => {
    const tail = Buffer.from('<script>');
    expect(readImage(Buffer.concat([jpeg, tail])).bytes.equals(jpeg)).toBe(true);
    const { bytes } = readImage(Buffer.concat([png, tail]));
    expect(bytes.includes(tail)).toBe(false);
    expect((await decoded(bytes)).equals(await decoded(png))).toBe(true);
  });

  it('loses texts and profiles, which may be bombs, and further pictures', () => {
    const bomb = deflateSync(Buffer.alloc(1_000_000));
    const extra = [
      pngChunk('zTXt', Buffer.concat([Buffer.from('Comment\0\0'), bomb])),
      pngChunk('iCCP', Buffer.concat([Buffer.from('profile\0\0'), bomb])),
      pngChunk('acTL', Buffer.alloc(8)),
    ];
    expect(readImage(pngOf({ extra })).bytes.equals(pngOf())).toBe(true);
  });

  it('may have 4096×4096 pixels and no more, whatever it is compressed to', () => {
    expect(readImage(pngOf({ width: 4096, height: 4096 }))).toMatchObject({ width: 4096, height: 4096 });
    for (const [width, height] of [
      [4097, 1],
      [1, 4097],
      [2 ** 31 - 1, 1],
      [0, 1],
      [1, 0],
    ]) {
      const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 6, 0, 0, 0]);
      header.writeUInt32BE(width ?? 0, 0);
      header.writeUInt32BE(height ?? 0, 4);
      const image = pngOf();
      const behind = image.subarray(PNG_HEADER_BYTES);
      const forged = Buffer.concat([image.subarray(0, 8), pngChunk('IHDR', header), behind]);
      expect(() => readImage(forged)).toThrow(/pixels large; 1×1 to 4096×4096 are allowed/);
    }
  });

  it('may have 2 MiB and no more', () => {
    const filled = (bytes: number) => {
      const without = pngOf().length + 12;
      return pngOf({ extra: [pngChunk('PLTE', Buffer.alloc(bytes - without))] });
    };
    expect(readImage(filled(MOST_IMAGE_BYTES)).bytes).toHaveLength(MOST_IMAGE_BYTES);
    expect(() => readImage(filled(MOST_IMAGE_BYTES + 1))).toThrow(/at most 2097152 are allowed/);
  });

  it.each<[string, () => Buffer, RegExp]>([
    ['a GIF', () => Buffer.from('GIF89a'), /must be a PNG or a JPEG/],
    ['an SVG', () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), /must be a PNG or a JPEG/],
    ['nothing', () => Buffer.alloc(0), /must be a PNG or a JPEG/],
    ['half a PNG', () => png.subarray(0, png.length / 2), /ends too soon/],
    ['half a JPEG', () => jpeg.subarray(0, jpeg.length / 2), /ends too soon/],
    ['a PNG with a flipped bit', () => Buffer.from(png).fill(png[60] === 0 ? 1 : 0, 60, 61), /checksum/],
    ['a PNG with a second header', () => pngOf({ extra: [pngOf().subarray(8, 33)] }), /two headers/],
    [
      'a PNG without a picture',
      () => Buffer.concat([png.subarray(0, 33), pngChunk('IEND', Buffer.alloc(0))]),
      /without a picture/,
    ],
    [
      'a JPEG with a second, larger frame',
      () => {
        const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
        const copy = Buffer.from(jpeg.subarray(frame, frame + 2 + jpeg.readUInt16BE(frame + 2)));
        copy.writeUInt16BE(65_535, 5);
        return Buffer.concat([jpeg.subarray(0, jpeg.length - 2), copy, jpeg.subarray(jpeg.length - 2)]);
      },
      /two pictures/,
    ],
    [
      'a JPEG of a thousand scans',
      () => {
        const scan = jpeg.subarray(jpeg.indexOf(Buffer.from([0xff, 0xda])), jpeg.length - 2);
        const [before, end] = [jpeg.subarray(0, jpeg.length - 2), jpeg.subarray(jpeg.length - 2)];
        const header = scan.subarray(0, 2 + scan.readUInt16BE(2));
        return Buffer.concat([before, ...Array.from({ length: 1000 }, () => header), end]);
      },
      /a rare kind/,
    ],
  ])('is not %s', (_, make, message) => {
    expect(() => readImage(make())).toThrow(message);
  });

  it('that has been damaged is read or refused, and never more', () => {
    const damages = fc.array(fc.tuple(fc.nat(100_000), fc.nat(255)), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(fc.boolean(), damages, fc.nat(100_000), (isJpeg, bytes, cut) => {
        const image = Buffer.from(isJpeg ? jpeg : png);
        for (const [at, value] of bytes) image[at % image.length] = value;
        try {
          const { width, height } = readImage(cut % 4 === 0 ? image.subarray(0, cut % image.length) : image);
          return width > 0 && width <= 4096 && height > 0 && height <= 4096;
        } catch (error) {
          return error instanceof ImageError;
        }
      }),
    );
  });
});
