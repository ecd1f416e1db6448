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

/**
 * Body of the `remote-steps` queue: see to this step, which others do: have it begun, or ask how it is. With `stop`: the
 * try that many times, counted from 1, is not waited for any more.
 */
export const remoteStepJobSchema = stepJobSchema.extend({ stop: z.boolean().optional() });
export type RemoteStepJob = z.infer<typeof remoteStepJobSchema>;

/** Who takes a job: the workers, or those who hand steps over to others. */
export type StepTaker = 'workers' | 'others';

export type QueueStep = (job: RemoteStepJob, delaySeconds: number, to: StepTaker) => Promise<void>;

export interface StepQueueUrls {
  readonly stepsQueueUrl: string;
  readonly remoteStepsQueueUrl: string;
}

export const createStepQueue =
  (sqs: SQSClient, { stepsQueueUrl, remoteStepsQueueUrl }: StepQueueUrls): QueueStep =>
  async (job, delaySeconds, to) => {
    const QueueUrl = to === 'workers' ? stepsQueueUrl : remoteStepsQueueUrl;
    const DelaySeconds = Math.min(MOST_DELAY_SECONDS, Math.ceil(delaySeconds));
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(job), DelaySeconds }));
  };
