import * as z from 'zod';
import { timeSchema } from '../schemas/names.ts';

/** "Close this file for its recorder, which is gone, or bring it home." Body of `upload-retry`. */
export const uploadRetrySchema = z.object({
  recordId: z.string(),
  fileId: z.string(),
  /** Of a file that is away: void when it is due at another time by now, for then somebody else has it. */
  dueAt: timeSchema.optional(),
});
export type UploadRetry = z.infer<typeof uploadRetrySchema>;
