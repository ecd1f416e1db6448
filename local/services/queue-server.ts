import { setImmediate as nextTurn } from 'node:timers/promises';
import { buildApp } from 'fauxqs';
import * as z from 'zod';
import { LOCAL_REGION } from './credentials.ts';

export interface QueueServer {
  readonly url: string;
  close(): Promise<void>;
}

const receivedSchema = z.object({ Messages: z.array(z.object({ ReceiptHandle: z.string() })).optional() });
const requestSchema = z.object({ QueueUrl: z.string() });

/**
 * SQS and SNS, in memory, on a free loopback port.
 *
 * A long poll whose client has died meanwhile still takes messages, and would hide them for the whole visibility
 * timeout; SQS does not do that. Such messages are made visible again at once.
 */
export const startQueueServer = async (): Promise<QueueServer> => {
  const app = buildApp({ logger: false, defaultRegion: LOCAL_REGION });
  app.addHook('onSend', async (request, _reply, payload) => {
    if (request.headers['x-amz-target'] !== 'AmazonSQS.ReceiveMessage') return;
    // The end of the connection may have arrived and wait behind the message that woke this poll.
    await nextTurn();
    if (!request.raw.socket.destroyed) return;
    const { QueueUrl } = requestSchema.parse(request.body);
    const { Messages = [] } = receivedSchema.parse(JSON.parse(String(payload)));
    for (const { ReceiptHandle } of Messages) {
      await app.inject({
        method: 'POST',
        url: '/',
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': 'AmazonSQS.ChangeMessageVisibility',
          authorization: request.headers.authorization ?? '',
        },
        payload: JSON.stringify({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }),
      });
    }
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    url,
    async close() {
      await app.close();
    },
  };
};
