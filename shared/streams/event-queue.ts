import { createHash, randomUUID } from 'node:crypto';
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { StreamEvent } from '../events/stream-events.ts';
import type { StreamKey } from '../schemas/names.ts';

/** Message group of a stream in `stream-events.fifo`: short and plain, which the names of app and stream need not be. */
const groupOf = ({ domain, app, stream }: StreamKey): string =>
  createHash('sha256')
    .update(JSON.stringify([domain, app, stream]))
    .digest('hex');

/** Queues events; those of one stream stay in order. */
export const createStreamEventQueue =
  (sqs: SQSClient, QueueUrl: string) =>
  async (event: StreamEvent): Promise<void> => {
    await sqs.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: JSON.stringify(event),
        MessageGroupId: groupOf(event.key),
        // Events may repeat: their consumer is idempotent, and two of them that look the same need not be one.
        MessageDeduplicationId: randomUUID(),
      }),
    );
  };
