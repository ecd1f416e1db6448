import { setTimeout as delay } from 'node:timers/promises';
import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';

const POLL_MS = 50;

/** Waits until functions have handled all that stands in these queues, but not longer than `mostMs`. */
export const drained = async (
  client: SQSClient,
  queueUrls: readonly string[],
  mostMs: number,
): Promise<void> => {
  const isEmpty = async (QueueUrl: string): Promise<boolean> => {
    const { Attributes = {} } = await client.send(
      new GetQueueAttributesCommand({
        QueueUrl,
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    return Object.values(Attributes).every((count) => count === '0');
  };
  const deadline = Date.now() + mostMs;
  while (Date.now() < deadline) {
    const empty = await Promise.all(queueUrls.map(isEmpty));
    if (empty.every(Boolean)) return;
    await delay(POLL_MS);
  }
};
