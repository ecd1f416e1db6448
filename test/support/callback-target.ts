import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { vi } from 'vitest';

export interface ReceivedCallback {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface CallbackTarget {
  readonly url: string;
  readonly received: readonly ReceivedCallback[];
  /** Waits for so many requests. */
  waitFor(count: number, timeoutMs?: number): Promise<void>;
  close(): Promise<void>;
}

/** An HTTP server that keeps what it is sent; `answer` gets the number of the request, from 1. */
export const startCallbackTarget = async (
  answer: (response: ServerResponse, request: number) => void = (response) => response.end(),
): Promise<CallbackTarget> => {
  const received: ReceivedCallback[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { headers } = request;
    const count = received.push({ headers, body: Buffer.concat(chunks).toString(), at: Date.now() });
    answer(response, count);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port');
  return {
    url: `http://127.0.0.1:${address.port}/hook`,
    received,
    waitFor: (count, timeout = 10_000) =>
      vi.waitFor(
        () => {
          if (received.length < count) throw new Error(`Only ${received.length} of ${count} requests came`);
        },
        { timeout, interval: 20 },
      ),
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
};

/** Whether a request is signed with this secret, as a receiver checks it. */
export const isSignedWith = (secret: string, { headers, body }: ReceivedCallback): boolean => {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const content = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const expected = createHmac('sha256', key).update(content).digest();
  return String(headers['webhook-signature'])
    .split(' ')
    .map((signature) => Buffer.from(signature.replace('v1,', ''), 'base64'))
    .some((signature) => signature.length === expected.length && timingSafeEqual(signature, expected));
};
