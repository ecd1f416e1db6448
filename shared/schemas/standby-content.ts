import * as z from 'zod';

export const STANDBY_TYPES = { png: 'image/png', jpg: 'image/jpeg', mp4: 'video/mp4' } as const;

/** Standby content as a recorder finds it: an object in this installation's own bucket. */
export const standbyContentSchema = z.object({
  key: z.string(),
  /** Of the object, hexadecimal. */
  sha256: z.string(),
  contentType: z.enum(STANDBY_TYPES),
  /** Of a video. */
  durationSeconds: z.number().optional(),
  /** Of a video: whether there is sound to it. */
  hasSound: z.boolean().optional(),
});
export type StandbyContent = z.infer<typeof standbyContentSchema>;
