import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { MOST_DELAY_SECONDS } from '../callbacks/queue.ts';
import { timeSchema } from '../schemas/names.ts';
import { type Run, runStepSchema } from '../schemas/post-processing.ts';

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
 * try of that number, counted from 1, is not waited for any more; with `orphan` its run is being forgotten, and this is all
 * that there is to know of it.
 */
export const remoteStepJobSchema = stepJobSchema.extend({
  stop: z.boolean().optional(),
  orphan: runStepSchema
    .pick({ step: true, destination: true })
    .extend({ jobId: z.string().optional(), since: timeSchema })
    .optional(),
});
export type RemoteStepJob = z.infer<typeof remoteStepJobSchema>;

/** What has others stop everything that they have of a run that is over, and about to be forgotten. Pure. */
export const orphansOf = ({ recordId, runId, createdAt, steps }: Run): RemoteStepJob[] =>
  steps.flatMap(({ step, destination, abandoned = [] }) =>
    abandoned.map(({ attempt, jobId }) => ({
      ...{ recordId, runId, step: step.name, attempt, stop: true },
      orphan: { ...{ step, destination, since: createdAt }, ...(jobId === undefined ? {} : { jobId }) },
    })),
  );

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

/** Has others stop what they do. */
export type QueueStop = (job: RemoteStepJob) => Promise<void>;

export const createStopQueue =
  (sqs: SQSClient, QueueUrl: string): QueueStop =>
  async (job) => {
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(job) }));
  };
