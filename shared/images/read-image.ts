import { MOST_IMAGE_BYTES, MOST_IMAGE_PIXELS } from '../schemas/watermark.ts';
import { ImageError, type Picture } from './picture.ts';
import { isJpeg, readJpeg } from './read-jpeg.ts';
import { isPng, readPng } from './read-png.ts';

const pictureIn = (bytes: Buffer): Picture => {
  if (isPng(bytes)) return readPng(bytes);
  if (isJpeg(bytes)) return readJpeg(bytes);
  throw new ImageError('must be a PNG or a JPEG');
};

/**
 * What an image is, by its own header: nothing is decompressed here, and nobody will have to decompress more than
 * the greatest picture that is allowed.
 * @throws ImageError saying what is wrong with it
 */
export const readImage = (bytes: Buffer): Picture => {
  if (bytes.length > MOST_IMAGE_BYTES) {
    throw new ImageError(`is ${bytes.length} bytes large; at most ${MOST_IMAGE_BYTES} are allowed`);
  }
  const picture = pictureIn(bytes);
  const { width, height } = picture;
  if (width < 1 || height < 1 || width > MOST_IMAGE_PIXELS || height > MOST_IMAGE_PIXELS) {
    throw new ImageError(
      `is ${width}×${height} pixels large; 1×1 to ${MOST_IMAGE_PIXELS}×${MOST_IMAGE_PIXELS} are allowed`,
    );
  }
  return picture;
};
