import * as z from 'zod';
import { streamKeySchema, timeSchema } from '../schemas/names.ts';

const base = { key: streamKeySchema, at: timeSchema };

/** What an ingest server told us of one push, or what was found out in its place. */
export const pushEventSchema = z.object({
  type: z.enum(['started', 'stopped']),
  ...base,
  /** The publisher's connection, as the ingest server names it. */
  clientId: z.string().max(256),
});
export type PushEvent = z.infer<typeof pushEventSchema>;

/** A task of the stream is due, was stopped, or has ended: its recordings must be made so. */
const tasksEventSchema = z.object({ type: z.literal('tasks-changed'), ...base });

/** Nobody said that the session has ended, but its recorder has heard nothing for too long. */
const silenceEventSchema = z.object({
  type: z.literal('silent'),
  ...base,
  /** Void when another session is live by now. */
  sessionId: z.string(),
});
export type SilenceEvent = z.infer<typeof silenceEventSchema>;

/** What nobody would find out again if its message were lost: it is noted in the table until it has been taken in. */
export const owedEventSchema = z.discriminatedUnion('type', [pushEventSchema, silenceEventSchema]);
export type OwedEvent = z.infer<typeof owedEventSchema>;

/** Body of `stream-events.fifo`; the group is the stream. */
export const streamEventSchema = z.discriminatedUnion('type', [
  pushEventSchema,
  tasksEventSchema,
  silenceEventSchema,
]);
export type StreamEvent = z.infer<typeof streamEventSchema>;
