import type { Message } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import type { InvocationResult } from './protocol.ts';

/** The event that Lambda makes of messages of one queue. */
export const sqsEvent = (messages: readonly Message[], queueArn: string, region: string) => ({
  Records: messages.map((message) => ({
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes ?? {},
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [
        name,
        {
          stringValue: value.StringValue,
          ...(value.BinaryValue !== undefined && {
            binaryValue: Buffer.from(value.BinaryValue).toString('base64'),
          }),
          stringListValues: [],
          binaryListValues: [],
          dataType: value.DataType,
        },
      ]),
    ),
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: region,
  })),
});

const responseSchema = z
  .object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })).nullish() })
  .nullish();

/**
 * The messages that are done and must be deleted. As on Lambda, a failed invocation deletes none, and neither does a
 * partial response that is malformed or names a message which was not in the batch.
 */
export const doneMessages = (
  messages: readonly Message[],
  result: InvocationResult,
  partialResponses: boolean,
): readonly Message[] => {
  if (result.type !== 'ok') return [];
  if (!partialResponses) return messages;
  const parsed = responseSchema.safeParse(result.value);
  if (!parsed.success) return [];
  const failed = new Set(parsed.data?.batchItemFailures?.map((item) => item.itemIdentifier));
  const known = messages.filter(
    (message) => message.MessageId !== undefined && failed.has(message.MessageId),
  );
  if (known.length !== failed.size) return [];
  return messages.filter((message) => !known.includes(message));
};
