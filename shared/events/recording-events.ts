import * as z from 'zod';
import { timeSchema } from '../schemas/names.ts';
import { mediaSchema, reasonSchema } from '../schemas/recording.ts';

const base = { recordId: z.string(), epoch: z.number().int(), capture: z.number().int(), at: timeSchema };

/** What a recorder tells of a recording. Body of `recording-events.fifo`; the group is the recording. */
export const recordingEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('capture.started'), ...base, recorderId: z.string(), media: mediaSchema }),
  z.object({ type: z.literal('file.opened'), ...base, fileId: z.string() }),
  z.object({ type: z.literal('file.closed'), ...base, fileId: z.string() }),
  /** The last event of a capture: its files are closed, HLS excepted when `hlsOpen`. */
  z.object({ type: z.literal('capture.ended'), ...base, reason: reasonSchema }),
]);
export type RecordingEvent = z.infer<typeof recordingEventSchema>;
