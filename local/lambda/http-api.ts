import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { reachable } from '../services/s3-server.ts';
import { type HttpResponse, httpEvent, httpResponse, jsonResponse } from './http-event.ts';
import type { LocalFunction } from './pool.ts';
import { createRouter, type Route } from './routes.ts';

export interface HttpApi {
  /** As clients on this machine reach it. */
  readonly url: string;
  readonly port: number;
  /** Takes no more requests and waits for those under way. */
  close(): Promise<void>;
}

/** API Gateway's own limit. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

const readBody = async (request: IncomingMessage): Promise<Buffer | 'too-large'> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) return 'too-large';
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

/**
 * Plays the template's HTTP API.
 * @throws Error with the `code` of the fault, such as EADDRINUSE.
 */
export const startHttpApi = async (options: {
  host: string;
  port: number;
  routes: readonly Route<LocalFunction>[];
  onFault: (error: unknown) => void;
}): Promise<HttpApi> => {
  const route = createRouter(options.routes);

  const answer = async (request: IncomingMessage): Promise<HttpResponse> => {
    const { method = 'GET', url = '/', headers } = request;
    const match = route(method, url.split('?')[0] ?? '/');
    if (match === undefined) return jsonResponse(404, { message: 'Not Found' });
    const body = await readBody(request);
    if (body === 'too-large') return jsonResponse(413, { message: 'Request Entity Too Large' });
    const sourceIp = request.socket.remoteAddress ?? '';
    const event = httpEvent(
      { method, url, headers, body, sourceIp },
      { routeKey: match.route.routeKey, pathParameters: match.pathParameters },
      new Date(),
      randomUUID(),
    );
    const result = await match.route.target.invoke(event);
    if (result.type === 'ok') return httpResponse(result.value);
    return result.type === 'timeout'
      ? jsonResponse(503, { message: 'Service Unavailable' })
      : jsonResponse(500, { message: 'Internal Server Error' });
  };

  const server = createServer(async (request, response) => {
    try {
      const { status, headers, body } = await answer(request);
      response.writeHead(status, { ...headers, 'content-length': body.length });
      response.end(request.method === 'HEAD' ? undefined : body);
    } catch (error) {
      // A client that goes away in mid-request is no fault.
      if (!request.destroyed) options.onFault(error);
      response.destroy();
    }
  });
  server.listen(options.port, options.host);
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  return {
    url: `http://${reachable(options.host)}:${port}`,
    port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      await closed;
    },
  };
};
