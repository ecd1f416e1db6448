import * as z from 'zod';
import { formatSchema, streamKeySchema, timeSchema } from '../schemas/names.ts';
import { artifactSchema, runSchema, runStepSchema } from '../schemas/post-processing.ts';
import { fileSchema, mediaSchema, reasonSchema, recordingStateSchema } from '../schemas/recording.ts';

/** What a recording was when something happened to it: enough to act on without asking for more. */
export const recordingSummarySchema = streamKeySchema.extend({
  recordId: z.string(),
  sessionId: z.string(),
  /** Of the task that asked for it; absent: a rule did. */
  taskId: z.string().optional(),
  templateId: z.string().optional(),
  state: recordingStateSchema,
  startedAt: timeSchema,
  endedAt: timeSchema.optional(),
  formats: z.array(formatSchema),
  media: mediaSchema.optional(),
});
export type RecordingSummary = z.infer<typeof recordingSummarySchema>;

const base = {
  noticeId: z.string(),
  at: timeSchema,
  recordId: z.string(),
  stream: streamKeySchema,
  recording: recordingSummarySchema,
};

/** `region` is that of its bucket; unknown in the spool. */
const noticeFileSchema = fileSchema
  .omit({ journal: true, told: true, away: true, homeKey: true, gaps: true })
  .extend({ region: z.string().optional() });

/** An object in the primary storage of a recording. */
export const manifestPlaceSchema = z.object({ bucket: z.string(), key: z.string() });
/** What is told of a run that is over. */
export const runSummarySchema = runSchema
  .pick({
    runId: true,
    format: true,
    fileId: true,
    orchestrationId: true,
    orchestrationName: true,
    createdAt: true,
    endedAt: true,
  })
  .extend({
    steps: z.array(
      runStepSchema.pick({ state: true, reason: true, files: true }).extend({
        name: z.string(),
        kind: z.string(),
        output: artifactSchema.extend({ bucket: z.string() }).optional(),
      }),
    ),
  });
export type RunSummary = z.infer<typeof runSummarySchema>;

/** What Streamkeep tells the world. Published on the topic; consumers may see one more than once (`noticeId`). */
export const noticeSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('recording.started'), ...base }),
  z.object({ type: z.literal('recording.paused'), ...base, reason: reasonSchema }),
  z.object({ type: z.literal('recording.resumed'), ...base }),
  z.object({
    type: z.literal('recording.ended'),
    ...base,
    reason: reasonSchema,
    /** Where its `recording.json` is. */
    manifest: manifestPlaceSchema.optional(),
    /** The orchestrations that the plan names, by format. */
    orchestrationIds: z.partialRecord(formatSchema, z.string()).optional(),
  }),
  z.object({ type: z.literal('recording.failed'), ...base, reason: reasonSchema }),
  z.object({ type: z.literal('file.opened'), ...base, file: noticeFileSchema }),
  /** With the orchestration that the plan names for it. */
  z.object({
    type: z.literal('file.ready'),
    ...base,
    file: noticeFileSchema,
    orchestrationId: z.string().optional(),
  }),
  /** It is in another storage now: home in the primary one. Once for each move. */
  z.object({
    type: z.literal('file.moved'),
    ...base,
    file: noticeFileSchema,
    orchestrationId: z.string().optional(),
  }),
  z.object({ type: z.literal('post-processing.finished'), ...base, run: runSummarySchema }),
  z.object({ type: z.literal('post-processing.failed'), ...base, run: runSummarySchema }),
]);
export type Notice = z.infer<typeof noticeSchema>;

/** Body of the `completion` queue: the obligation to look up, a notice or a manifest that is owed. */
export const completionJobSchema = z.union([
  z.object({ recordId: z.string(), noticeId: z.string() }),
  z.object({ recordId: z.string(), manifestDueAt: timeSchema }),
]);
export type CompletionJob = z.infer<typeof completionJobSchema>;
