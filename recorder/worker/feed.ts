import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ByteRange } from '../../shared/storage/object-store.ts';

/** Something that ffmpeg reads. */
export interface Fed {
  /** Undefined: it can only be read from its beginning to its end. */
  readonly size?: number;
  open(range?: ByteRange): AsyncIterable<Buffer>;
}

/** A loopback HTTP server that ffmpeg reads storages through: it gets no credentials, and no bytes go to disk. */
export interface Feed {
  /** @returns its URL */
  offer(name: string, fed: Fed): string;
  /** Bytes that ffmpeg has taken so far. */
  readonly servedBytes: number;
  /** What went wrong while ffmpeg read; it only sees that its input ended. */
  readonly failure: unknown;
  close(): Promise<void>;
}

const RANGE = /^bytes=(\d{1,16})-(\d{1,16})?$/;

export const startFeed = async (): Promise<Feed> => {
  // Unguessable: nobody else on this machine may read a recording.
  const token = randomBytes(16).toString('hex');
  const offered = new Map<string, Fed>();
  let servedBytes = 0;
  let failure: unknown;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const fed = offered.get(request.url ?? '');
    if (fed === undefined) {
      response.writeHead(404).end();
      return;
    }
    const { size } = fed;
    const [, from, to] = RANGE.exec(request.headers.range ?? '') ?? [];
    let range: ByteRange | undefined;
    if (size === undefined) response.writeHead(200, { 'accept-ranges': 'none' });
    else {
      const start = Math.min(Number(from ?? 0), size);
      const length = Math.min(Number(to ?? size - 1) + 1, size) - start;
      if (length <= 0) {
        response.writeHead(416, { 'content-range': `bytes */${size}` }).end();
        return;
      }
      range = { start, length };
      const headers = { 'accept-ranges': 'bytes', 'content-length': length };
      if (from === undefined) response.writeHead(200, headers);
      else {
        const contentRange = `bytes ${start}-${start + length - 1}/${size}`;
        response.writeHead(206, { ...headers, 'content-range': contentRange });
      }
    }
    async function* counted(): AsyncGenerator<Buffer> {
      try {
        for await (const chunk of (fed as Fed).open(range)) {
          servedBytes += chunk.length;
          yield chunk;
        }
      } catch (error) {
        // Whoever hangs up throws that in here.
        if (!response.destroyed) failure ??= error;
        throw error;
      }
    }
    await pipeline(Readable.from(counted(), { objectMode: false, highWaterMark: 1024 * 1024 }), response);
  };

  const server = createServer((request, response) => {
    // ffmpeg hangs up whenever it wants to read elsewhere.
    answer(request, response).catch(() => response.destroy());
  });
  server.requestTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The feed has no port');

  return {
    offer: (name, fed) => {
      offered.set(`/${token}/${name}`, fed);
      return `http://127.0.0.1:${address.port}/${token}/${name}`;
    },
    get servedBytes() {
      return servedBytes;
    },
    get failure() {
      return failure;
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
};
