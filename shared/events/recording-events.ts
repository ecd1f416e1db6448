import * as z from 'zod';
import { timeSchema } from '../schemas/names.ts';
import { mediaSchema, reasonSchema } from '../schemas/recording.ts';

const about = { recordId: z.string(), at: timeSchema };
const base = { ...about, epoch: z.number().int(), capture: z.number().int() };
/** The file says the rest; of which capture it is, only its recorder adds. */
const file = {
  ...about,
  fileId: z.string(),
  epoch: z.number().int().optional(),
  capture: z.number().int().optional(),
};

/** What a recorder tells of a recording. Body of `recording-events.fifo`; the group is the recording. */
export const recordingEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('capture.started'), ...base, recorderId: z.string(), media: mediaSchema }),
  z.object({ type: z.literal('file.opened'), ...file }),
  z.object({ type: z.literal('file.closed'), ...file }),
  /** The last event of a capture: its files are closed, HLS excepted when `hlsOpen`. */
  z.object({
    type: z.literal('capture.ended'),
    ...base,
    reason: reasonSchema,
    /** The last session that its recorder knew of. */
    sessionId: z.string().optional(),
    /** The recorder has waited for the stream to come back, for as long as it may. */
    waited: z.boolean().optional(),
  }),
]);
export type RecordingEvent = z.infer<typeof recordingEventSchema>;
