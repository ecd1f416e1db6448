import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { DeletionJob } from '../events/deletion-jobs.ts';

/** Has a recording deleted that says what is to be deleted of it. */
export type QueueDeletion = (recordId: string) => Promise<void>;

export const createDeletionQueue =
  (sqs: SQSClient, QueueUrl: string): QueueDeletion =>
  async (recordId) => {
    const job: DeletionJob = { recordId };
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(job) }));
  };
