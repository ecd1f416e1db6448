import * as z from 'zod';
import { domainNameSchema, streamPartSchema, timeSchema } from './names.ts';
import { reasonSchema } from './recording.ts';

/** Any RFC 3339 time, brought into the one form that can be compared as text. */
export const momentSchema = z.iso
  .datetime({ offset: true, message: 'must be an RFC 3339 time, such as 2026-11-22T10:00:00Z' })
  .transform((time) => new Date(time).toISOString());

/** Longest task, and how far ahead its end may be. */
export const MOST_TASK_HOURS = 24;
export const MOST_TASK_DAYS_AHEAD = 7;
/** Tasks of one stream that may overlap at any moment. */
export const MOST_OVERLAPPING_TASKS = 3;
/** Recordings that a task knows by itself: a stream that comes and goes all day makes thousands. */
export const MOST_TASK_RECORDINGS = 100;
/** Tasks of one stream that may be due or still to come. */
export const MOST_PENDING_TASKS = 100;

/** Limits that depend on the present time or on other tasks are checked when a task is made. */
export const taskInputSchema = z
  .strictObject({
    domain: domainNameSchema,
    app: streamPartSchema,
    stream: streamPartSchema,
    templateId: z.string().min(1).max(64).optional().describe('Absent: HLS to the default storage.'),
    startTime: momentSchema.optional().describe('Absent: now.'),
    endTime: momentSchema.describe(
      `At most ${MOST_TASK_HOURS} hours after the start, and ${MOST_TASK_DAYS_AHEAD} days from now.`,
    ),
  })
  .meta({ id: 'TaskInput' });
export type TaskInput = z.infer<typeof taskInputSchema>;

export const TASK_STATES = [
  /** Its start is still to come. */
  'scheduled',
  /** It is due, but the stream is not live. */
  'waiting',
  'recording',
  /** Its end came, and something was recorded. */
  'completed',
  /** Its end came, and the stream never did. */
  'missed',
  'stopped',
  /** The stream was live, but could not be recorded. */
  'failed',
] as const;
export const taskStateSchema = z.enum(TASK_STATES);
export type TaskState = z.infer<typeof taskStateSchema>;

export const taskSchema = taskInputSchema.extend({
  taskId: z.string(),
  startTime: timeSchema,
  endTime: timeSchema,
  state: taskStateSchema,
  /** Why it failed, was missed or was stopped; while it waits, why the live stream cannot be recorded. */
  reason: reasonSchema.optional(),
  /** One for each session of the stream while it was due: the newest of them. */
  recordIds: z.array(z.string()),
  createdAt: timeSchema,
  /** When its end was carried through: nothing is left to be done about it. */
  settledAt: timeSchema.optional(),
  /** Being deleted since: only until its end has been carried through. */
  deletingAt: timeSchema.optional(),
  /** Rises with each change; changes are conditional on it. */
  revision: z.number().int(),
});
export type Task = z.infer<typeof taskSchema>;
