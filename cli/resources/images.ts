import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Flag } from '../body/flags.ts';
import { type Body, isBody } from '../body/paths.ts';
import { UsageError } from '../exit.ts';
import { parseCount } from '../values/choices.ts';

/** Images of a watermark, as far as they are fields. */
const imagesOf = ({ images }: Body): readonly unknown[] => (Array.isArray(images) ? images : []);

const mapImages = (body: Body, change: (image: Body) => Body): Body =>
  Array.isArray(body.images)
    ? { ...body, images: body.images.map((image: unknown) => (isBody(image) ? change(image) : image)) }
    : body;

/** What is in a file, in `folder` unless its path is absolute. @throws UsageError when it cannot be read */
export const readFileOf = async (path: string, folder: string): Promise<Buffer> => {
  try {
    return await readFile(resolve(folder, path));
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
};

/** With the `data` of each image that names its `file`. */
export const loadImages = async (body: Body, folder: string): Promise<Body> => {
  const loaded = await Promise.all(
    imagesOf(body).map(async (image) => {
      if (!isBody(image) || typeof image.file !== 'string') return image;
      const { file, sha256: _, ...others } = image;
      return { ...others, data: (await readFileOf(String(file), folder)).toString('base64') };
    }),
  );
  return Array.isArray(body.images) ? { ...body, images: loaded } : body;
};

const sha256Of = (data: string): string =>
  createHash('sha256').update(Buffer.from(data, 'base64')).digest('hex');

/** With `sha256` in the place of `data`. */
export const hashImages = (body: Body): Body =>
  mapImages(body, ({ data, ...image }) =>
    typeof data === 'string' ? { ...image, sha256: sha256Of(data) } : image,
  );

/** With `data` in the place of each `sha256` that is of an image in `loaded`, and of none in `before`. */
export const imagesToSend = (compared: Body, loaded: Body, before: Body = {}): Body => {
  const known = new Set(imagesOf(before).map((image) => (isBody(image) ? image.sha256 : undefined)));
  const contents = new Map(
    imagesOf(loaded).flatMap((image): [unknown, string][] =>
      isBody(image) && typeof image.data === 'string' ? [[sha256Of(image.data), image.data]] : [],
    ),
  );
  return mapImages(compared, (image) => {
    const { sha256, ...others } = image;
    const data = contents.get(sha256);
    return data === undefined || known.has(sha256) ? image : { ...others, data };
  });
};

/** A flag that sets a field of the first image. */
const ofFirst = (flags: string, about: string, put: (image: Body, value: string) => Body): Flag => ({
  flags,
  about,
  put: (body, value) => {
    const [first, ...others] = imagesOf(body);
    return { ...body, images: [put(isBody(first) ? first : {}, value), ...others] };
  },
});

const percent = (flags: string, field: string, about: string): Flag =>
  ofFirst(flags, about, (image, value) => ({ ...image, [field]: parseCount(value) }));

export const IMAGE_FLAGS: readonly Flag[] = [
  ofFirst('--image <path>', 'PNG or JPEG; more than one: with -f', ({ sha256: _, ...image }, file) => ({
    ...image,
    file,
  })),
  percent('--x <percent>', 'xPercent', 'left edge of the image, in percent of the width of the picture'),
  percent('--y <percent>', 'yPercent', 'upper edge, in percent of the height'),
  percent('--width <percent>', 'widthPercent', 'width of the image, in percent of that of the picture'),
  percent('--opacity <percent>', 'opacityPercent', '100: nothing shines through'),
];
