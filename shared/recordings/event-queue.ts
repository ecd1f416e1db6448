import { randomUUID } from 'node:crypto';
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { RecordingEvent } from '../events/recording-events.ts';

export type SendRecordingEvent = (event: RecordingEvent) => Promise<void>;

/** Sends to `recording-events.fifo`. Consumers are idempotent, so each message stands for itself. */
export const createRecordingEvents =
  (sqs: SQSClient, QueueUrl: string): SendRecordingEvent =>
  async (event) => {
    await sqs.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: JSON.stringify(event),
        MessageGroupId: event.recordId,
        MessageDeduplicationId: randomUUID(),
      }),
    );
  };
