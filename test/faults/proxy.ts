import { once } from 'node:events';
import {
  type ClientRequest,
  createServer,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import type { Socket } from 'node:net';

/** A fault that is under way. */
export interface Injection {
  /** Times it has struck so far. */
  readonly count: () => number;
  /** What it strikes already stays struck. */
  stop(): void;
}

export interface Proxy {
  readonly url: string;
  /** Refuses connections and cuts those there are. @returns how many were cut */
  shut(): number;
  /** Takes connections again, on the same port. */
  open(): Promise<void>;
  close(): Promise<void>;
}

/** An HTTP server on a free loopback port that answers with `handle`. */
export const startProxy = async (
  handle: (incoming: IncomingMessage, response: ServerResponse) => void,
): Promise<Proxy> => {
  const sockets = new Set<Socket>();
  const server = createServer({ keepAliveTimeout: 60_000 }, handle);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // Clients are killed, and connections are reset on purpose.
    socket.on('error', () => socket.destroy());
  });
  const listen = async (port: number): Promise<number> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The proxy has no port');
    return address.port;
  };
  const port = await listen(0);
  const shut = (): number => {
    const cut = sockets.size;
    server.close();
    for (const socket of sockets) socket.resetAndDestroy();
    return cut;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    shut,
    open: async () => {
      await listen(port);
    },
    close: async () => {
      const closed = server.listening ? once(server, 'close') : undefined;
      shut();
      await closed;
    },
  };
};

/** Opens the same request at `target`. Headers stay as they are: Host is part of what was signed. */
export const handOn = (incoming: IncomingMessage, target: string): ClientRequest => {
  const { hostname, port } = new URL(target);
  const { method = 'GET', url = '/', headers } = incoming;
  // A connection for each request: one that is kept could be closed by the server just when it is used again.
  return request({ hostname, port, method, path: url, headers, setHost: false, agent: false });
};

/** Gives the answer to whoever asked. */
export const giveBack = (answer: IncomingMessage, response: ServerResponse): void => {
  // An answer that comes before the end of the body: what is left unread would block the connection's next request.
  response.on('finish', () => response.req.unpipe().resume());
  response.writeHead(answer.statusCode ?? 502, answer.headers);
  answer.pipe(response);
  answer.on('error', () => response.destroy());
};

/** Ties the two sides together: when one is gone, so is the other. */
export const tie = (upstream: ClientRequest, response: ServerResponse): void => {
  upstream.on('error', () => response.destroy());
  response.on('close', () => {
    if (!response.writableFinished) upstream.destroy();
  });
};

export const readBody = async (incoming: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return Buffer.concat(chunks);
};
