import type { Image } from '../schemas/watermark.ts';

/** A still picture that may be shown to a decoder. */
export interface Picture extends Pick<Image, 'contentType' | 'width' | 'height'> {
  /** What is kept of what was given. */
  readonly bytes: Buffer;
}

/** What was given is no picture that can be taken; the message goes on from the name of the field. */
export class ImageError extends Error {
  override readonly name = 'ImageError';
}
