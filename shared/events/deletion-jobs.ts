import * as z from 'zod';

/** "Delete what is to be deleted of this recording", or "this image, if nobody names it". Body of `deletions`. */
export const deletionJobSchema = z.union([
  z.object({ recordId: z.string() }),
  z.object({
    image: z.object({
      watermarkId: z.string().optional(),
      standbyId: z.string().optional(),
      key: z.string(),
    }),
  }),
]);
export type DeletionJob = z.infer<typeof deletionJobSchema>;
