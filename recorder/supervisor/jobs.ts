import { setTimeout as wait } from 'node:timers/promises';
import {
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type * as z from 'zod';
import type { Log } from '../log.ts';
import { pause } from './pause.ts';

const LONG_POLL_SECONDS = 20;
const LONG_POLL_TIMEOUT_MS = (LONG_POLL_SECONDS + 5) * 1000;
const MOST_MESSAGES = 10;
const PAUSE_AFTER_FAILURE_MS = 1000;

/** Others that wait for jobs get a refused one before this recorder asks again. */
const PAUSE_AFTER_REFUSAL_MS = 500;
const LONGEST_DELAY_SECONDS = 8;

export interface JobsOptions<Job> {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly schema: z.ZodType<Job>;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Resolves with the number of free slots as soon as there is one. */
  freeSlots(): Promise<number>;
  /**
   * Claims what the job is about; the message is deleted when it returns: the table holds the obligation then.
   * @returns `refused` when it takes more slots than are free: another process is to take it
   */
  take(job: Job): Promise<'taken' | 'refused'>;
}

/** Seconds until a job that so many recorders have refused is offered again: at once the first time. Pure. */
export const delayAfter = (refusals: number): number =>
  refusals <= 1 ? 0 : Math.min(2 ** (refusals - 2), LONGEST_DELAY_SECONDS);

/** How many have refused it already: what is never refused does not say. */
const refusalsOf = (job: object): number =>
  'refusals' in job && typeof job.refusals === 'number' ? job.refusals : 0;

const parseJob = <Job>(schema: z.ZodType<Job>, body: string | undefined): Job | undefined => {
  try {
    return schema.safeParse(JSON.parse(body ?? '')).data;
  } catch {
    return undefined;
  }
};

/** Takes jobs from a queue while there are free slots, until the signal is aborted. */
export const takeJobs = async <Job extends object>({
  sqs,
  queueUrl,
  schema,
  log,
  signal,
  freeSlots,
  take,
}: JobsOptions<Job>): Promise<void> => {
  /** As a new message: one that is given back again and again would count as failed. */
  const offerAgain = async (job: Job): Promise<void> => {
    const refusals = refusalsOf(job) + 1;
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: JSON.stringify({ ...job, refusals }),
        DelaySeconds: delayAfter(refusals),
      }),
    );
  };

  while (!signal.aborted) {
    let isRefused = false;
    try {
      const free = await freeSlots();
      if (signal.aborted) return;
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: queueUrl,
          MaxNumberOfMessages: Math.min(free, MOST_MESSAGES),
          WaitTimeSeconds: LONG_POLL_SECONDS,
        }),
        { abortSignal: signal, requestTimeout: LONG_POLL_TIMEOUT_MS },
      );
      await Promise.all(
        Messages.map(async ({ Body, ReceiptHandle }) => {
          const job = parseJob(schema, Body);
          // Not ours, and never will be: left alone, the queue moves it to its dead-letter queue.
          if (job === undefined) return log.error('A job could not be read');
          if ((await take(job)) === 'refused') {
            isRefused = true;
            await offerAgain(job);
          }
          await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
        }),
      );
      if (isRefused) await pause(PAUSE_AFTER_REFUSAL_MS, signal);
    } catch (cause) {
      if (signal.aborted) return;
      log.error('Jobs could not be taken', { cause });
      await wait(PAUSE_AFTER_FAILURE_MS);
    }
  }
};
