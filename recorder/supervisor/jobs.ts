import { setTimeout as wait } from 'node:timers/promises';
import { DeleteMessageCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { type RecordJob, recordJobSchema } from '../../shared/events/record-jobs.ts';
import type { Log } from '../log.ts';

const LONG_POLL_SECONDS = 20;
const MOST_MESSAGES = 10;
const PAUSE_AFTER_FAILURE_MS = 1000;

export interface JobsOptions {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Resolves with the number of free slots as soon as there is one. */
  freeSlots(): Promise<number>;
  /** Claims the recording; the message is deleted when it returns: the table holds the obligation then. */
  take(job: RecordJob): Promise<void>;
}

const parseJob = (body: string | undefined): RecordJob | undefined => {
  try {
    return recordJobSchema.safeParse(JSON.parse(body ?? '')).data;
  } catch {
    return undefined;
  }
};

/** Takes jobs from `record-jobs` while there are free slots, until the signal is aborted. */
export const takeJobs = async ({
  sqs,
  queueUrl,
  log,
  signal,
  freeSlots,
  take,
}: JobsOptions): Promise<void> => {
  while (!signal.aborted) {
    try {
      const free = await freeSlots();
      if (signal.aborted) return;
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: queueUrl,
          MaxNumberOfMessages: Math.min(free, MOST_MESSAGES),
          WaitTimeSeconds: LONG_POLL_SECONDS,
        }),
        { abortSignal: signal },
      );
      await Promise.all(
        Messages.map(async ({ Body, ReceiptHandle }) => {
          const job = parseJob(Body);
          // Not ours, and never will be: left alone, the queue moves it to its dead-letter queue.
          if (job === undefined) return log.error('A record job could not be read');
          await take(job);
          await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
        }),
      );
    } catch (cause) {
      if (signal.aborted) return;
      log.error('Jobs could not be taken', { cause });
      await wait(PAUSE_AFTER_FAILURE_MS);
    }
  }
};
