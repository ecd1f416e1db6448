import * as z from 'zod';
import { timeSchema } from './names.ts';
import { overlaySchema, placementSchema } from './transcode.ts';

export const MOST_IMAGES = 4;
/** Of one image. */
export const MOST_IMAGE_BYTES = 2 * 1024 * 1024;
/** Width and height. */
export const MOST_IMAGE_PIXELS = 4096;
/** Of a whole request: Lambda takes 6 MB, with the headers and the wrapping. */
export const MOST_WATERMARK_BODY_BYTES = 5_500_000;

const LONGEST_DATA = Math.ceil(MOST_IMAGE_BYTES / 3) * 4;

/** Compared as a whole: no regular expression has to hold its place in megabytes. */
export const isBase64 = (text: string): boolean => Buffer.from(text, 'base64').toString('base64') === text;

export const sha256Schema = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'must be a SHA-256: 64 hexadecimal digits in lower case');

const imageInputSchema = placementSchema
  .extend({
    data: z
      .string()
      .min(1)
      .max(LONGEST_DATA, `must be at most ${LONGEST_DATA} characters of base64: 2 MiB`)
      .refine(isBase64, 'must be base64')
      .optional()
      .describe('The PNG or JPEG itself, in base64: at most 2 MiB and 4096×4096 pixels.'),
    sha256: sha256Schema
      .optional()
      .describe('In place of `data`: of the file of an image that this watermark has already.'),
  })
  .refine(({ data, sha256 }) => (data === undefined) !== (sha256 === undefined), {
    path: ['data'],
    message: 'or sha256 is required, and not both',
  })
  .meta({ id: 'WatermarkImageInput' });
export type ImageInput = z.infer<typeof imageInputSchema>;

export const watermarkInputSchema = z
  .strictObject({
    name: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1–64 letters, digits, _ or -'),
    images: z
      .array(imageInputSchema)
      .min(1)
      .max(MOST_IMAGES)
      .describe('From the lowest to the topmost. All data of one request together: at most 5.5 MB.'),
  })
  .meta({ id: 'WatermarkInput' });
export type WatermarkInput = z.infer<typeof watermarkInputSchema>;

export const IMAGE_TYPES = { png: 'image/png', jpg: 'image/jpeg' } as const;

/** What an image is, as its own header says. */
export const imageSchema = z.object({
  contentType: z.enum(IMAGE_TYPES),
  width: z.number().int().describe('In pixels.'),
  height: z.number().int().describe('In pixels.'),
  sizeBytes: z.number().int(),
});
export type Image = z.infer<typeof imageSchema>;

/** An image of a watermark, where it lies on the picture, and which object in this installation's own bucket it is. */
export const watermarkImageSchema = z.object({
  ...overlaySchema.shape,
  ...imageSchema.shape,
  /** Of what was sent, hexadecimal; the object may be without what is no part of the picture. */
  fileSha256: z.string(),
});
export type WatermarkImage = z.infer<typeof watermarkImageSchema>;

export const watermarkSchema = z.object({
  watermarkId: z.string(),
  name: z.string(),
  images: z.array(watermarkImageSchema),
  createdAt: timeSchema,
  updatedAt: timeSchema,
});
export type Watermark = z.infer<typeof watermarkSchema>;
