import * as z from 'zod';

/** "Delete what is to be deleted of this recording." Body of `deletions`. */
export const deletionJobSchema = z.object({ recordId: z.string() });
export type DeletionJob = z.infer<typeof deletionJobSchema>;
