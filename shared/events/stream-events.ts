import { z } from 'zod';
import { streamKeySchema, timeSchema } from '../schemas/names.ts';

/** What an ingest server told us of one push. Body of `stream-events.fifo`; the group is the stream. */
export const streamEventSchema = z.object({
  type: z.enum(['started', 'stopped']),
  key: streamKeySchema,
  /** The publisher's connection, as the ingest server names it. */
  clientId: z.string().max(256),
  at: timeSchema,
});
export type StreamEvent = z.infer<typeof streamEventSchema>;
