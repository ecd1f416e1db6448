import { createHash, randomUUID } from 'node:crypto';
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { StreamEvent } from '../../shared/events/stream-events.ts';

/** Queues events; those of one stream stay in order. */
export const createStreamEventQueue =
  (sqs: SQSClient, QueueUrl: string) =>
  async (event: StreamEvent): Promise<void> => {
    const { domain, app, stream } = event.key;
    // A group's name is short and plain, which the names of app and stream need not be.
    const group = createHash('sha256')
      .update(JSON.stringify([domain, app, stream]))
      .digest('hex');
    await sqs.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: JSON.stringify(event),
        MessageGroupId: group,
        // Events may repeat: their consumer is idempotent, and two of them that look the same need not be one.
        MessageDeduplicationId: randomUUID(),
      }),
    );
  };
