import * as z from 'zod';

/** "Delete what is to be deleted of this recording", or "this image, if its watermark does not name it". Body of `deletions`. */
export const deletionJobSchema = z.union([
  z.object({ recordId: z.string() }),
  z.object({ image: z.object({ watermarkId: z.string(), key: z.string() }) }),
]);
export type DeletionJob = z.infer<typeof deletionJobSchema>;
