import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { authenticate, type Credentials } from './auth/authenticate.ts';
import { corsHeaders } from './cors.ts';
import { S3Error } from './errors.ts';
import type { Reply } from './operations/operation.ts';
import { permitted } from './permissions.ts';
import { parseRequest, type S3Request } from './request.ts';
import { findOperation } from './routes.ts';
import type { CorsRule } from './store/records.ts';
import type { Store } from './store/store.ts';
import { errorDocument, leaf } from './xml.ts';

export type ServerOptions = {
  readonly store: Store;
  readonly region: string;
  readonly credentials: Credentials;
  /** For buckets without a CORS configuration of their own. */
  readonly cors: readonly CorsRule[];
  /** Permissions that nobody has, such as `s3:PutObject`; may change at any time. */
  readonly denied: ReadonlySet<string>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told of faults of this server, with the request that met it. */
  readonly onFault: (error: unknown, request: string) => void;
};

/** Longer than any client keeps a connection that it does not use, so that it is never closed under a request. */
const KEEP_ALIVE_MS = 60_000;

export type S3Server = {
  readonly http: Server;
  /** Resolves when no request is worked on. */
  readonly idle: () => Promise<void>;
};

/** An HTTP server, not yet listening, that answers as S3 does. */
export function createS3Server(options: ServerOptions): S3Server {
  const running = new Set<Promise<void>>();
  const start = (message: IncomingMessage, response: ServerResponse, proceed: () => void): void => {
    const request = serve(options, message, response, proceed).finally(() => running.delete(request));
    running.add(request);
  };
  const http = createServer((message, response) => start(message, response, () => {}));
  http.on('checkContinue', (message: IncomingMessage, response: ServerResponse) => {
    // Unless it is told to go on, the client sends no body, and the connection cannot be used again.
    response.shouldKeepAlive = false;
    start(message, response, () => {
      if (!response.shouldKeepAlive) response.writeContinue();
      response.shouldKeepAlive = true;
    });
  });
  // A body may take as long as it likes: a live recording sends one for as long as a part lasts.
  http.requestTimeout = 0;
  http.keepAliveTimeout = KEEP_ALIVE_MS;
  return { http, idle: async () => void (await Promise.all(running)) };
}

async function serve(
  options: ServerOptions,
  message: IncomingMessage,
  response: ServerResponse,
  proceed: () => void,
): Promise<void> {
  const requestId = randomBytes(8).toString('hex').toUpperCase();
  response.setHeader('x-amz-request-id', requestId);
  try {
    const reply = await answer(options, message, response, proceed, requestId);
    try {
      await send(message, response, reply);
    } finally {
      await reply.done?.();
    }
  } catch (error) {
    // The client has gone, or the answer cannot be ended: nobody is left to tell.
    if (!isDisconnect(error)) options.onFault(error, `${message.method} ${pathOf(message)}`);
    response.destroy();
  }
}

async function answer(
  options: ServerOptions,
  message: IncomingMessage,
  response: ServerResponse,
  proceed: () => void,
  requestId: string,
): Promise<Reply> {
  try {
    const request = parseRequest(message, proceed);
    const rules = corsRules(options, request);
    if (request.method === 'OPTIONS') return preflight(rules, request);
    response.setHeaders(new Map(Object.entries(corsHeaders(rules, request.method, request.headers) ?? {})));
    const authentication = authenticate(request, options);
    const { store, region, now, denied } = options;
    const [name, operation] = findOperation(request);
    return await permitted(denied, name, () => operation({ request, authentication, store, region, now }));
  } catch (error) {
    if (isDisconnect(error)) throw error;
    if (!(error instanceof S3Error)) options.onFault(error, `${message.method} ${pathOf(message)}`);
    return errorReply(error instanceof S3Error ? error : new S3Error('InternalError'), message, requestId);
  }
}

function corsRules({ store, cors }: ServerOptions, { bucket }: S3Request): readonly CorsRule[] {
  return (bucket === undefined ? undefined : store.findBucket(bucket)?.settings.cors) ?? cors;
}

function preflight(rules: readonly CorsRule[], { headers }: S3Request): Reply {
  const allowed = corsHeaders(rules, headers['access-control-request-method'] ?? '', headers);
  if (!allowed) throw new S3Error('AccessDenied', 'CORSResponse: This CORS request is not allowed.');
  return { status: 200, headers: allowed };
}

function errorReply(error: S3Error, message: IncomingMessage, requestId: string): Reply {
  const body = errorDocument([
    leaf('Code', error.code),
    leaf('Message', error.message),
    ...Object.entries(error.details).map(([name, value]) => leaf(name, value)),
    leaf('Resource', pathOf(message)),
    leaf('RequestId', requestId),
  ]);
  return { status: error.status, headers: { 'content-type': 'application/xml' }, body };
}

async function send(message: IncomingMessage, response: ServerResponse, reply: Reply): Promise<void> {
  const { status, headers = {}, body } = reply;
  response.statusCode = status;
  response.setHeaders(new Map(Object.entries(headers)));
  if (typeof body === 'object') {
    await pipeline(Readable.from(body, { objectMode: false }), response);
    return;
  }
  const bytes = message.method === 'HEAD' || body === undefined ? undefined : Buffer.from(body);
  if (
    status !== 204 &&
    status !== 304 &&
    !response.hasHeader('content-length') &&
    message.method !== 'HEAD'
  ) {
    response.setHeader('content-length', bytes?.length ?? 0);
  }
  response.end(bytes);
}

// Presigned URLs carry their signature in the query, which is for nobody else's eyes.
const pathOf = (message: IncomingMessage): string => (message.url ?? '').replace(/\?.*$/s, '');

const DISCONNECTS = new Set(['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_DESTROYED']);

const isDisconnect = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && DISCONNECTS.has(String(error.code));
