import * as z from 'zod';

/** "Somebody record this." Body of `record-jobs`; void when the recording's epoch has moved on. */
export const recordJobSchema = z.object({
  recordId: z.string(),
  epoch: z.number().int(),
  /** Recorders that had too few free slots for it, one after the other. */
  refusals: z.number().int().min(0).optional(),
});
export type RecordJob = z.infer<typeof recordJobSchema>;
