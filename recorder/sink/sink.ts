import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';

/** Takes what ffmpeg sends for one path of a capture; resolves when the request is over, aborted or not. */
export type Receive = (path: string, request: IncomingMessage) => Promise<void>;

export interface SinkSession {
  /** Where ffmpeg sends this capture's outputs: `{url}/{path}`. */
  readonly url: string;
  /** Resolves when no request is under way any more, of those whose connection was made before. */
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
  /** Connections whose request has not been read yet. */
  const fresh = new Map<Socket, PromiseWithResolvers<void>>();
  const settle = (socket: Socket): void => {
    fresh.get(socket)?.resolve();
    fresh.delete(socket);
  };

  const server = createServer(async (request, response) => {
    settle(request.socket);
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
  server.on('connection', (socket) => {
    fresh.set(socket, Promise.withResolvers<void>());
    socket.once('close', () => settle(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The sink has no port');

  /**
   * ffmpeg may have sent its last and be gone while its connections still wait to be accepted. They are accepted in
   * order: once a connection of our own is, all before it are, too.
   */
  const caughtUp = async (): Promise<void> => {
    const ours = get({ host: '127.0.0.1', port: address.port, agent: false });
    const [response] = (await once(ours, 'response')) as [IncomingMessage];
    response.resume();
    await Promise.all(Array.from(fresh.values(), ({ promise }) => promise));
  };

  return {
    open: (receive) => {
      // Unguessable: nobody else on this machine may write into a recording.
      const token = randomBytes(16).toString('hex');
      const entry: Entry = { receive, running: new Set() };
      sessions.set(token, entry);
      return {
        url: `http://127.0.0.1:${address.port}/${token}`,
        idle: async () => {
          await caughtUp();
          // What is being received may be what another ffmpeg is fed with, which connects as well.
          while (entry.running.size > 0) {
            await Promise.allSettled(entry.running);
            await caughtUp();
          }
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
