import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import * as z from 'zod';
import { type Credentials, LOCAL_REGION } from './credentials.ts';

export interface S3Server {
  /** As clients on this machine reach it. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

const answerSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('listening'), port: z.number() }),
  z.object({ type: z.literal('failed'), message: z.string(), code: z.string().optional() }),
]);

/** An address to connect to, for a server that listens on `host`. */
export const reachable = (host: string): string => {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
};

/**
 * The S3 server, in a thread of its own: it carries every media byte, and queues and API must not wait behind that.
 * @throws Error with the `code` of the fault, such as EADDRINUSE.
 */
export const startS3Server = async (options: {
  dataDir: string;
  host: string;
  port: number;
  credentials: Credentials;
}): Promise<S3Server> => {
  const worker = new Worker(new URL('./s3-worker.ts', import.meta.url), {
    workerData: { ...options, region: LOCAL_REGION },
  });
  const [message] = await once(worker, 'message');
  const answer = answerSchema.parse(message);
  if (answer.type === 'failed') throw Object.assign(new Error(answer.message), { code: answer.code });
  return {
    url: `http://${reachable(options.host)}:${answer.port}`,
    port: answer.port,
    async close() {
      const exited = once(worker, 'exit');
      worker.postMessage('close');
      await exited;
    },
  };
};
