import * as z from 'zod';
import { streamKeySchema, timeSchema } from './names.ts';

/** The latest session of a stream, and what became of it. */
export const streamSchema = streamKeySchema.extend({
  sessionId: z.string(),
  /** The publisher's connection, as the ingest server names it. */
  clientId: z.string(),
  live: z.boolean(),
  startedAt: timeSchema,
  endedAt: timeSchema.optional(),
  /** When the session before this one ended. */
  lastEndedAt: timeSchema.optional(),
  /** Recordings of this session. */
  recordIds: z.array(z.string()),
  /** Why this session is not recorded; absent when it is. */
  notRecorded: z.string().optional(),
  /** Clients that began to push while another was live, and when: refused by the ingest server, or successors. */
  rivals: z.record(z.string(), timeSchema).optional(),
  /** Clients that have stopped: a start of theirs up to that time is void. */
  voidStarts: z.record(z.string(), timeSchema).optional(),
});
export type Stream = z.infer<typeof streamSchema>;
