import * as z from 'zod';

/** "Close this file for its recorder, which is gone." Body of `upload-retry`. */
export const uploadRetrySchema = z.object({ recordId: z.string(), fileId: z.string() });
export type UploadRetry = z.infer<typeof uploadRetrySchema>;
