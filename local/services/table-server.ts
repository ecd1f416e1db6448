import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import dynalite from 'dynalite';

export interface TableServer {
  readonly url: string;
  close(): Promise<void>;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** DynamoDB, on disk in `folder`, on a free loopback port. */
export const startTableServer = async (folder: string): Promise<TableServer> => {
  await mkdir(folder, { recursive: true });
  const server = dynalite({ path: folder, createTableMs: 0 });
  const [handle] = server.listeners('request') as Handler[];
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    handle?.(request, response);
    // dynalite throws when a client dies in mid-request, which would end the whole run.
    request.removeAllListeners('error');
    request.on('error', () => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The table server has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined || error === null ? resolve() : reject(error)));
        server.closeAllConnections();
      }),
  };
};
