import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { ENV } from '../shared/constants.ts';

const settingsSchema = z.object({
  [ENV.tableName]: z.string().min(1),
  [ENV.recordJobsQueueUrl]: z.url(),
  [ENV.recordingEventsQueueUrl]: z.url(),
  [ENV.completionQueueUrl]: z.url(),
  [ENV.uploadRetryQueueUrl]: z.url(),
  [ENV.recorderSlots]: z.coerce.number().int().min(1).max(1000).default(20),
  [ENV.spoolBucket]: z.string().min(1).optional(),
  [ENV.failoverSeconds]: z.coerce.number().min(1).max(300).default(20),
  [ENV.scratchFolder]: z.string().min(1).default(join(tmpdir(), 'streamkeep-recorder')),
  [ENV.overflowBytes]: z.coerce
    .number()
    .int()
    .min(0)
    .default(4 * 1024 ** 3),
  /** Of all recordings, before others wait on disk: some seconds of twenty. */
  [ENV.overflowMemoryBytes]: z.coerce
    .number()
    .int()
    .min(0)
    .default(256 * 1024 ** 2),
  [ENV.sourceAllowedCidrs]: z
    .string()
    .default('')
    .transform((text) => text.split(',').map((cidr) => cidr.trim()))
    .transform((cidrs) => cidrs.filter((cidr) => cidr !== '')),
  AWS_REGION: z.string().optional(),
  ECS_AGENT_URI: z.string().optional(),
});

/** The recorder's environment. @throws ZodError naming every variable that is missing or wrong */
export const readSettings = (environment: NodeJS.ProcessEnv = process.env) =>
  settingsSchema.parse(environment);
