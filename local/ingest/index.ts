import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { type Supervised, supervise } from '../child.ts';

export interface Ingest {
  readonly port: number;
  stop(): Promise<void>;
  abandon(): void;
}

const messageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('listening'), port: z.number() }),
  z.object({ type: z.literal('failed'), message: z.string(), code: z.string().optional() }),
]);

/** It has nothing to finish. */
const GRACE_MS = 2000;

/**
 * Starts the RTMP ingest; its callbacks go to `notifyUrl`.
 * @throws Error with the `code` of the fault, such as EADDRINUSE.
 */
export const startIngest = (options: {
  host: string;
  port: number;
  notifyUrl: string;
  log: Writable;
  onDeath: (how: string) => void;
}): Promise<Ingest> =>
  new Promise((resolve, reject) => {
    const { host, notifyUrl } = options;
    // A restarted ingest must have the port that the first one was given.
    let { port } = options;
    let child: Supervised | undefined;
    child = supervise({
      args: () => [fileURLToPath(new URL('./server.ts', import.meta.url))],
      // Not as an argument: the URL holds the secret, and arguments are for every user of the machine to read.
      env: () => ({
        PATH: process.env.PATH ?? '',
        INGEST_SETTINGS: JSON.stringify({ host, port, notifyUrl }),
      }),
      log: options.log,
      onMessage: (message) => {
        const answer = messageSchema.parse(message);
        if (answer.type === 'failed') {
          child?.abandon();
          reject(Object.assign(new Error(answer.message), { code: answer.code }));
          return;
        }
        port = answer.port;
        resolve({
          port,
          stop: async () => child?.stop(GRACE_MS),
          abandon: () => child?.abandon(),
        });
      },
      onDeath: options.onDeath,
    });
  });
