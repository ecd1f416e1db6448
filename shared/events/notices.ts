import { z } from 'zod';
import { streamKeySchema, timeSchema } from '../schemas/names.ts';
import { fileSchema, reasonSchema } from '../schemas/recording.ts';

const base = { noticeId: z.string(), at: timeSchema, recordId: z.string(), stream: streamKeySchema };

/** What Streamkeep tells the world. Published on the topic; consumers may see one more than once (`noticeId`). */
export const noticeSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('recording.started'), ...base }),
  z.object({ type: z.literal('recording.paused'), ...base, reason: reasonSchema }),
  z.object({ type: z.literal('recording.resumed'), ...base }),
  z.object({ type: z.literal('recording.ended'), ...base, reason: reasonSchema }),
  z.object({ type: z.literal('recording.failed'), ...base, reason: reasonSchema }),
  z.object({ type: z.literal('file.opened'), ...base, file: fileSchema.omit({ journal: true }) }),
  z.object({ type: z.literal('file.ready'), ...base, file: fileSchema.omit({ journal: true }) }),
]);
export type Notice = z.infer<typeof noticeSchema>;

/** Body of the `completion` queue: the obligation to look up. */
export const completionJobSchema = z.object({ recordId: z.string(), noticeId: z.string() });
export type CompletionJob = z.infer<typeof completionJobSchema>;
