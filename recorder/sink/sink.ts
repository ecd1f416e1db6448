import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';

/** Takes what ffmpeg sends for one path of a capture; resolves when the request is over, aborted or not. */
export type Receive = (path: string, request: IncomingMessage) => Promise<void>;

export interface SinkSession {
  /** Where ffmpeg sends this capture's outputs: `{url}/{path}`. */
  readonly url: string;
  /** Resolves when no request is under way any more. */
  idle(): Promise<void>;
  close(): void;
}

/** The loopback HTTP server that ffmpeg writes every output to. */
export interface Sink {
  open(receive: Receive): SinkSession;
  close(): Promise<void>;
}

interface Entry {
  readonly receive: Receive;
  readonly running: Set<Promise<void>>;
}

const PATH = /^\/([0-9a-f]{32})\/(.+)$/;

export const startSink = async (): Promise<Sink> => {
  const sessions = new Map<string, Entry>();

  const server = createServer(async (request, response) => {
    const [, token = '', path = ''] = PATH.exec(request.url ?? '') ?? [];
    const entry = sessions.get(token);
    if (entry === undefined) {
      response.writeHead(404, { connection: 'close' }).end();
      return;
    }
    const running = entry.receive(path, request);
    entry.running.add(running);
    try {
      await running;
    } finally {
      entry.running.delete(running);
      response.end();
    }
  });
  // A live output is one request for as long as the stream lasts.
  server.requestTimeout = 0;
  server.timeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The sink has no port');

  return {
    open: (receive) => {
      // Unguessable: nobody else on this machine may write into a recording.
      const token = randomBytes(16).toString('hex');
      const entry: Entry = { receive, running: new Set() };
      sessions.set(token, entry);
      return {
        url: `http://127.0.0.1:${address.port}/${token}`,
        idle: async () => {
          while (entry.running.size > 0) await Promise.allSettled(entry.running);
        },
        close: () => {
          sessions.delete(token);
        },
      };
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
};
