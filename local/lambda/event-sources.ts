import { setTimeout as delay } from 'node:timers/promises';
import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { LOCAL_REGION } from '../services/credentials.ts';
import type { LocalFunction } from './pool.ts';
import { doneMessages, sqsEvent } from './sqs-event.ts';

/** A queue that feeds a function. */
export interface EventSource {
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly batchSize: number;
  /** Whether the function names the messages of a batch that failed. */
  readonly partialResponses: boolean;
  /** Batches at the same time. */
  readonly pollers: number;
  readonly function: LocalFunction;
}

/** Pause after a failed receive, so that a fault does not spin. */
const RETRY_MS = 1000;

const isAbort = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError';

/**
 * Moves messages from a queue through its function until `stop` is called, which waits for batches under way.
 * What failed is not deleted and comes back when its visibility timeout is over, in the end to the dead-letter queue.
 */
export const startEventSource = (
  client: SQSClient,
  source: EventSource,
  onFault: (error: unknown) => void,
): { stop(): Promise<void> } => {
  const stopping = new AbortController();

  const receive = async (): Promise<readonly Message[]> => {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: source.queueUrl,
        MaxNumberOfMessages: Math.min(10, source.batchSize),
        WaitTimeSeconds: 20,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
      { abortSignal: stopping.signal },
    );
    return Messages;
  };

  const handle = async (messages: readonly Message[]): Promise<void> => {
    const result = await source.function.invoke(sqsEvent(messages, source.queueArn, LOCAL_REGION));
    const done = doneMessages(messages, result, source.partialResponses);
    if (done.length === 0) return;
    await client.send(
      new DeleteMessageBatchCommand({
        QueueUrl: source.queueUrl,
        Entries: done.map((message, index) => ({ Id: String(index), ReceiptHandle: message.ReceiptHandle })),
      }),
    );
  };

  const poll = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        const messages = await receive();
        if (messages.length > 0) await handle(messages);
      } catch (error) {
        if (stopping.signal.aborted && isAbort(error)) return;
        onFault(error);
        await delay(RETRY_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  };

  const pollers = Array.from({ length: source.pollers }, poll);
  return {
    async stop() {
      stopping.abort();
      await Promise.all(pollers);
    },
  };
};
