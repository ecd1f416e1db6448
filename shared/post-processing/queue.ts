import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { MOST_DELAY_SECONDS } from '../callbacks/queue.ts';

/** Body of the `steps` queue: try this step; void when it has been begun another number of times. */
export const stepJobSchema = z.object({
  recordId: z.string(),
  runId: z.string(),
  step: z.string(),
  attempt: z.number().int(),
});
export type StepJob = z.infer<typeof stepJobSchema>;

export type QueueStep = (job: StepJob, delaySeconds: number) => Promise<void>;

export const createStepQueue =
  (sqs: SQSClient, QueueUrl: string): QueueStep =>
  async (job, delaySeconds) => {
    const DelaySeconds = Math.min(MOST_DELAY_SECONDS, Math.ceil(delaySeconds));
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(job), DelaySeconds }));
  };
