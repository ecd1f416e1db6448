import * as z from 'zod';
import { ENV } from '../../shared/constants.ts';

const settingsSchema = z.object({
  [ENV.tableName]: z.string().min(1),
  [ENV.stepsQueueUrl]: z.url(),
  [ENV.remoteStepsQueueUrl]: z.url(),
  [ENV.completionQueueUrl]: z.url(),
  [ENV.spoolBucket]: z.string().min(1),
  AWS_REGION: z.string().min(1),
  ECS_AGENT_URI: z.string().optional(),
});

/** The worker's environment. @throws ZodError naming every variable that is missing or wrong */
export const readSettings = (environment: NodeJS.ProcessEnv = process.env) =>
  settingsSchema.parse(environment);
