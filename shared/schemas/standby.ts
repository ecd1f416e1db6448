import * as z from 'zod';
import { timeSchema } from './names.ts';
import { standbyContentSchema } from './standby-content.ts';
import { isBase64, MOST_IMAGE_BYTES, MOST_IMAGE_PIXELS, sha256Schema } from './watermark.ts';

/** Lambda takes requests of 6 MB, and base64 makes a third more of it. */
export const MOST_VIDEO_BYTES = 4_000_000;
export const MOST_VIDEO_SECONDS = 60;
export const MOST_STANDBY_BODY_BYTES = 5_500_000;

const LONGEST_DATA = Math.ceil(MOST_VIDEO_BYTES / 3) * 4;

export const standbyInputSchema = z
  .strictObject({
    name: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1–64 letters, digits, _ or -'),
    data: z
      .string()
      .min(1)
      .max(LONGEST_DATA, `must be at most ${LONGEST_DATA} characters of base64: ${MOST_VIDEO_BYTES} bytes`)
      .refine(isBase64, 'must be base64')
      .optional()
      .describe(
        `The PNG or JPEG (at most ${MOST_IMAGE_BYTES / 2 ** 20} MiB), or the MP4 with H.264 and perhaps AAC (at most 4 MB and ` +
          `${MOST_VIDEO_SECONDS} s), in base64; at most ${MOST_IMAGE_PIXELS}×${MOST_IMAGE_PIXELS} pixels.`,
      ),
    sha256: sha256Schema
      .optional()
      .describe('In place of `data`: of the file that it has already, which stays.'),
  })
  .refine(({ data, sha256 }) => (data === undefined) !== (sha256 === undefined), {
    path: ['data'],
    message: 'or sha256 is required, and not both',
  })
  .meta({ id: 'StandbyInput' });
export type StandbyInput = z.infer<typeof standbyInputSchema>;

/** Standby content: an image, or a video that is shown again and again. */
export const standbySchema = z.object({
  standbyId: z.string(),
  name: z.string(),
  ...standbyContentSchema.shape,
  width: z.number().int().describe('In pixels.'),
  height: z.number().int().describe('In pixels.'),
  sizeBytes: z.number().int(),
  /** Of what was sent, hexadecimal; the object may be without what is no part of the picture. */
  fileSha256: z.string(),
  createdAt: timeSchema,
  updatedAt: timeSchema,
});
export type Standby = z.infer<typeof standbySchema>;
