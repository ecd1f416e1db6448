import * as z from 'zod';
import { FORMATS, formatSchema, timeSchema } from './names.ts';
import { MOST_STEPS, stepSchema } from './orchestration.ts';
import { reasonSchema } from './recording.ts';
import { remoteFileSchema } from './remote-steps.ts';
import { bucketSchema } from './storage.ts';

/**
 * `pending`: waits for its input, for its next try or for a worker. `skipped`: it will never be run, as what it needs did
 * not succeed.
 */
export const STEP_STATES = ['pending', 'running', 'succeeded', 'failed', 'cancelled', 'skipped'] as const;
export type StepState = (typeof STEP_STATES)[number];

export const RUN_STATES = ['running', 'succeeded', 'failed', 'cancelled'] as const;
export type RunState = (typeof RUN_STATES)[number];

/** What is told of runs that are over. */
export const RUN_NOTICES = ['post-processing.finished', 'post-processing.failed'] as const;

/** What a step has made: one object; of HLS the playlist, of thumbnails the WebVTT file that lists them. */
export const artifactSchema = z.object({
  format: z.enum([...FORMATS, 'images']),
  key: z.string(),
  /** All objects of it together. */
  sizeBytes: z.number().int(),
  objects: z.number().int(),
  durationSeconds: z.number(),
});
export type Artifact = z.infer<typeof artifactSchema>;

/** What we know of the last try of a step that others do. It stays until the next one, so that answers are recognized that come twice. */
export const remoteTrySchema = z.object({
  /** When it has failed, whatever becomes of it. */
  until: timeSchema,
  /** Since when they have it; absent: it is not known that they do. */
  handedAt: timeSchema.optional(),
  /** Their name for it. */
  jobId: z.string().optional(),
  /** Of the tokens that an answer may come with: each time that it was handed over there was another one. */
  tokenHashes: z.array(z.string()),
});
export type RemoteTry = z.infer<typeof remoteTrySchema>;

/** A try that others may still be at although nobody waits for it: they are to be stopped. */
export const abandonedTrySchema = z.object({
  attempt: z.number().int(),
  jobId: z.string().optional(),
  /** When its stop counts as forgotten, and how many times it has been. */
  lookAt: timeSchema,
  looks: z.number().int(),
});

/** One step of one run. */
export const runStepSchema = z.object({
  /** As the orchestration said when the run was made. */
  step: stepSchema,
  /** Where what it makes goes: the key still lacks its extension; what others make goes into a folder of that name. */
  destination: z.object({ bucket: bucketSchema, key: z.string() }),
  state: z.enum(STEP_STATES),
  /** Times that it was begun, ever. A job for another number is void. */
  attempt: z.number().int(),
  /** Of those, how many failed since somebody last wanted it to be run. */
  failures: z.number().int(),
  percent: z.number(),
  /** While its turn has come and nobody has it: when it is to be tried. */
  dueAt: timeSchema.optional(),
  /** When its job counts as forgotten, and how many times it has been; while others have it, when they are to be asked. */
  lookAt: timeSchema.optional(),
  looks: z.number().int(),
  /** Who has it, and until when nobody else may. */
  claimId: z.string().optional(),
  leasedUntil: timeSchema.optional(),
  startedAt: timeSchema.optional(),
  endedAt: timeSchema.optional(),
  reason: reasonSchema.optional(),
  output: artifactSchema.optional(),
  /** Of a step that others do: what it has made, as far as they have told. */
  files: z.array(remoteFileSchema).optional(),
  remote: remoteTrySchema.optional(),
  abandoned: z.array(abandonedTrySchema).optional(),
});
export type RunStep = z.infer<typeof runStepSchema>;

/** One orchestration applied to one file, or to all files of a format when the recording has ended. */
export const runSchema = z.object({
  /** Unique in its recording; sorts by the beginning of its file. */
  runId: z.string(),
  recordId: z.string(),
  format: formatSchema,
  /** Absent: all files of the format. */
  fileId: z.string().optional(),
  orchestrationId: z.string(),
  orchestrationName: z.string(),
  state: z.enum(RUN_STATES),
  createdAt: timeSchema,
  endedAt: timeSchema.optional(),
  /** It is over, and this is still to be told of it. */
  owes: z.enum(RUN_NOTICES).optional(),
  /** Times that it was run again. */
  round: z.number().int(),
  steps: z.array(runStepSchema).min(1).max(MOST_STEPS),
  /** Rises with each write; writes are conditional on it. */
  revision: z.number().int(),
});
export type Run = z.infer<typeof runSchema>;
