import { createHash } from 'node:crypto';
import { ImageError, type Picture } from '../images/picture.ts';
import { readImage } from '../images/read-image.ts';
import type { Placement } from '../schemas/transcode.ts';
import { IMAGE_TYPES, type Image, type ImageInput, type WatermarkImage } from '../schemas/watermark.ts';

/** An image that is not there yet. */
export interface Upload {
  readonly key: string;
  readonly picture: Picture;
}

export interface ImageFault {
  /** Dotted, such as `images.0.data`. */
  readonly field: string;
  readonly message: string;
}

export type ResolvedImages =
  | {
      readonly type: 'resolved';
      readonly images: readonly WatermarkImage[];
      readonly uploads: readonly Upload[];
    }
  | { readonly type: 'faulty'; readonly faults: readonly ImageFault[] };

const EXTENSIONS = { [IMAGE_TYPES.png]: 'png', [IMAGE_TYPES.jpg]: 'jpg' } as const;

type Stored = Image & Pick<WatermarkImage, 'key' | 'sha256' | 'fileSha256'>;

const sha256Of = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

const storedOf = ({
  contentType,
  width,
  height,
  sizeBytes,
  key,
  sha256,
  fileSha256,
}: WatermarkImage): Stored => ({
  ...{ contentType, width, height, sizeBytes, key, sha256, fileSha256 },
});

const placementOf = ({ data: _, sha256: __, ...placement }: ImageInput): Placement => placement;

/**
 * The images that a watermark is to have, and which of them must be uploaded for that. Pure.
 * @param before those that it has
 * @param folder under which nothing has ever been: what is deleted there can never be named again
 */
export const resolveImages = (
  inputs: readonly ImageInput[],
  before: readonly WatermarkImage[],
  folder: string,
): ResolvedImages => {
  const known = new Map(before.map((image) => [image.fileSha256, storedOf(image)]));
  const uploads = new Map<string, Upload>();
  const faults: ImageFault[] = [];

  const bySha256 = (sha256: string, index: number): Stored | undefined => {
    const stored = known.get(sha256);
    if (stored === undefined) {
      const has = before.length === 0 ? 'none' : before.map((image) => image.fileSha256).join(', ');
      const message = `must be that of an image which this watermark has already: ${has}; send a new one as data`;
      faults.push({ field: `images.${index}.sha256`, message });
    }
    return stored;
  };

  const byData = (data: string, index: number): Stored | undefined => {
    const file = Buffer.from(data, 'base64');
    const fileSha256 = sha256Of(file);
    const there = known.get(fileSha256);
    if (there !== undefined) return there;
    try {
      const picture = readImage(file);
      const { contentType, width, height, bytes } = picture;
      const sha256 = sha256Of(bytes);
      const key = `${folder}/${sha256}.${EXTENSIONS[contentType]}`;
      uploads.set(key, { key, picture });
      return { contentType, width, height, sizeBytes: bytes.length, key, sha256, fileSha256 };
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
      faults.push({ field: `images.${index}.data`, message: error.message });
      return undefined;
    }
  };

  const images = inputs.flatMap((input, index) => {
    const { data, sha256 = '' } = input;
    const stored = data === undefined ? bySha256(sha256, index) : byData(data, index);
    return stored === undefined ? [] : [{ ...placementOf(input), ...stored }];
  });
  return faults.length > 0
    ? { type: 'faulty', faults }
    : { type: 'resolved', images, uploads: [...uploads.values()] };
};
