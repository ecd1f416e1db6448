import * as z from 'zod';

const eventSchema = z.object({
  rawPath: z.string(),
  rawQueryString: z.string().default(''),
  headers: z.record(z.string(), z.string().optional()),
  body: z.string().optional(),
  isBase64Encoded: z.boolean().default(false),
  requestContext: z.object({
    domainName: z.string(),
    requestId: z.string(),
    http: z.object({ method: z.string() }),
  }),
});

export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
  readonly requestId: string;
  readonly baseUrl: string;
}

const HOST = /^[a-z0-9.-]{1,253}(:\d{1,5})?$/i;

/** API Gateway sets the domain name itself; where it is the caller's host header, no more than a host may be in it. */
const baseUrlOf = (domainName: string, protocol: string | undefined): string =>
  `${protocol === 'http' ? 'http' : 'https'}://${HOST.test(domainName) ? domainName : 'localhost'}`;

/** Reads an event of an HTTP API, payload format 2.0. */
export const readRequest = (event: unknown): HttpRequest => {
  const {
    rawPath,
    rawQueryString,
    headers,
    body = '',
    isBase64Encoded,
    requestContext,
  } = eventSchema.parse(event);
  return {
    method: requestContext.http.method,
    path: rawPath,
    query: new URLSearchParams(rawQueryString),
    headers,
    body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
    requestId: requestContext.requestId,
    baseUrl: baseUrlOf(requestContext.domainName, headers['x-forwarded-proto']),
  };
};
