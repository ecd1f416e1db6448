import { z } from 'zod';
import { formatSchema, streamKeySchema, timeSchema } from './names.ts';
import { bucketSchema } from './storage.ts';
import { formatsSchema } from './template.ts';

export const RECORDING_STATES = ['recording', 'paused', 'completing', 'completed', 'failed'] as const;
export const recordingStateSchema = z.enum(RECORDING_STATES);
export type RecordingState = z.infer<typeof recordingStateSchema>;

/** Whose doing it was that a recording ended, paused or failed. */
export const reasonSchema = z.object({
  cause: z.enum(['source', 'storage', 'user', 'limit', 'ours']),
  /** One of `END_CODES` in `recordings/end-reason.ts`. */
  code: z.string(),
  /** In plain words, for people. */
  text: z.string(),
});
export type Reason = z.infer<typeof reasonSchema>;

/** What a recorder needs to know of the template; frozen when the recording is made. */
export const planSchema = z.object({
  templateId: z.string(),
  content: z.literal('origin'),
  timeZone: z.string(),
  formats: formatsSchema,
  path: z.string(),
  maxDurationSeconds: z.number().optional(),
  /** Where the recorder pulls the stream from: the domain's template, placeholders and all. */
  sourceUrl: z.string(),
  storage: bucketSchema,
});
export type Plan = z.infer<typeof planSchema>;

/** What the stream carries, as ffmpeg said when it opened it. */
export const mediaSchema = z.object({
  videoCodec: z.string().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  audioCodec: z.string().optional(),
});
export type Media = z.infer<typeof mediaSchema>;

export const recordingSchema = streamKeySchema.extend({
  recordId: z.string(),
  /** The push that is being recorded; changes when a stream comes back within its resumption timeout. */
  sessionId: z.string(),
  plan: planSchema,
  state: recordingStateSchema,
  startedAt: timeSchema,
  endedAt: timeSchema.optional(),
  reason: reasonSchema.optional(),
  /** Fencing token: rises with each owner. Writes of an earlier owner are refused. */
  epoch: z.number().int(),
  /** The recorder that has it now. */
  owner: z.string().optional(),
  /** Captures begun so far; the next one takes the next number. */
  captures: z.number().int(),
  /** While paused: when the resumption timeout is over. */
  pausedUntil: timeSchema.optional(),
  media: mediaSchema.optional(),
  /** Rises with each change of state; state changes are conditional on it. */
  revision: z.number().int(),
});
export type Recording = z.infer<typeof recordingSchema>;

/** An open file's journal: what anyone needs to close it. The parts themselves are listed from the storage. */
export const journalSchema = z.object({
  /** Multipart upload, once the file outgrew one part. */
  uploadId: z.string().optional(),
  /** Head under which held media + parts + tail are a valid file; base64, a few kB. */
  initialHead: z.string(),
  /** Keys of the objects that hold media which are in no part yet. */
  heldKey: z.string(),
  tailKey: z.string(),
});
export type Journal = z.infer<typeof journalSchema>;

export const FILE_STATES = ['recording', 'ready', 'failed'] as const;

export const fileSchema = z.object({
  recordId: z.string(),
  /** Unique in its recording; sorts by beginning. */
  fileId: z.string(),
  format: formatSchema,
  bucket: z.string(),
  key: z.string(),
  state: z.enum(FILE_STATES),
  location: z.enum(['primary', 'backup', 'spool']),
  sizeBytes: z.number().int(),
  durationSeconds: z.number(),
  startedAt: timeSchema,
  readyAt: timeSchema.optional(),
  reason: reasonSchema.optional(),
  /** Of the owner that may write to it. */
  epoch: z.number().int(),
  /** While open, except for HLS (its playlist and segments are their own journal). */
  journal: journalSchema.optional(),
});
export type RecordingFile = z.infer<typeof fileSchema>;
