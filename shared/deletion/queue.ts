import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { DeletionJob } from '../events/deletion-jobs.ts';
import type { LooseImage } from '../table/loose-images.ts';

/** Has a recording deleted that says what is to be deleted of it. */
export type QueueDeletion = (recordId: string) => Promise<void>;

/** Has an image, or standby content, deleted if it is due and nobody names it. */
export type QueueImageDeletion = (image: Omit<LooseImage, 'dueAt'>) => Promise<void>;

const createSend =
  (sqs: SQSClient, QueueUrl: string) =>
  async (job: DeletionJob): Promise<void> => {
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(job) }));
  };

export const createDeletionQueue = (sqs: SQSClient, queueUrl: string): QueueDeletion => {
  const send = createSend(sqs, queueUrl);
  return (recordId) => send({ recordId });
};

export const createImageDeletionQueue = (sqs: SQSClient, queueUrl: string): QueueImageDeletion => {
  const send = createSend(sqs, queueUrl);
  return ({ watermarkId, standbyId, key }) => send({ image: { watermarkId, standbyId, key } });
};
