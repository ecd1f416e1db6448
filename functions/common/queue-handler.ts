import {
  BatchProcessor,
  EventType,
  processPartialResponse,
  SqsFifoPartialProcessorAsync,
} from '@aws-lambda-powertools/batch';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type * as z from 'zod';
import { parseJson } from './parse-json.ts';
import type { Telemetry } from './telemetry.ts';

export interface QueueHandlerProps<Body> {
  readonly schema: z.ZodType<Body>;
  /** Of a FIFO queue the messages of a group are taken in order, and a failed one holds back those behind it. */
  readonly fifo: boolean;
  readonly telemetry: Telemetry;
  /** Must be idempotent: every message may come again. What it throws brings the message back. */
  handle(body: Body, context: Context): Promise<void>;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/**
 * Takes a batch of messages. Lambda deletes those that are not reported as failed; SQS gives the others again, and
 * after five times moves them to the dead-letter queue. That is also the way of a body that does not parse.
 */
export const createQueueHandler = <Body>({ schema, fifo, telemetry, handle }: QueueHandlerProps<Body>) => {
  const { log, count } = telemetry;

  const handleRecord = async ({ body, messageId }: SQSRecord, context: Context): Promise<void> => {
    const parsed = schema.safeParse(parseJson(body));
    if (!parsed.success) {
      count('MessagesInvalid');
      log.error('A message is not in its queue’s format', { messageId, issues: parsed.error.issues });
      throw new Error(`Message ${messageId} is not in its queue's format`);
    }
    try {
      await handle(parsed.data, context);
    } catch (error) {
      log.error(`A message failed: ${messageOf(error)}`, { messageId, body: parsed.data, error });
      throw error;
    }
  };

  return (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    const common = { context, throwOnFullBatchFailure: false };
    const handleOne = (record: SQSRecord) => handleRecord(record, context);
    return fifo
      ? processPartialResponse(event, handleOne, new SqsFifoPartialProcessorAsync(), {
          ...common,
          skipGroupOnError: true,
        })
      : processPartialResponse(event, handleOne, new BatchProcessor(EventType.SQS), common);
  };
};
