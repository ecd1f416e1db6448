import * as z from 'zod';

/** "Somebody record this." Body of `record-jobs`; void when the recording's epoch has moved on. */
export const recordJobSchema = z.object({ recordId: z.string(), epoch: z.number().int() });
export type RecordJob = z.infer<typeof recordJobSchema>;
