import type { IncomingMessage } from 'node:http';
import { S3Error } from './errors.ts';

/** A request as S3 understands it, before anything in it is believed. */
export type S3Request = {
  readonly method: string;
  readonly bucket: string | undefined;
  readonly key: string | undefined;
  /** The decoded path, bucket included if it was there: what the signature covers. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** By lower-case name. Those of a presigned URL's query (`x-amz-meta-…`) count as headers, as in S3. */
  readonly headers: Headers;
  readonly message: IncomingMessage;
  /** Tells a client that waits with `Expect: 100-continue` to send its body. */
  readonly proceed: () => void;
};

export type Headers = Readonly<Record<string, string | undefined>>;

const MAX_KEY_BYTES = 1024;

/**
 * Reads path-style (`/bucket/key`) and virtual-host-style (`bucket.localhost`) addresses. The path is taken as it was
 * sent: URL parsers resolve `..`, which in a key is an ordinary name.
 */
export function parseRequest(message: IncomingMessage, proceed: () => void): S3Request {
  const url = message.url ?? '/';
  const mark = url.indexOf('?');
  const path = decodePath(mark === -1 ? url : url.slice(0, mark));
  const query = new URLSearchParams(mark === -1 ? '' : url.slice(mark + 1));
  const headers = readHeaders(message, query);
  const hostBucket = virtualHostBucket(headers.host ?? '');
  const address = hostBucket === undefined ? path.slice(1) : `${hostBucket}${path}`;
  const slash = address.indexOf('/');
  const bucket = slash === -1 ? address : address.slice(0, slash);
  const key = slash === -1 ? '' : address.slice(slash + 1);
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) throw new S3Error('KeyTooLongError');
  return {
    method: message.method ?? 'GET',
    bucket: bucket === '' ? undefined : bucket,
    key: key === '' ? undefined : key,
    path,
    query,
    headers,
    message,
    proceed,
  };
}

function decodePath(raw: string): string {
  if (!raw.startsWith('/')) throw new S3Error('InvalidURI');
  try {
    return decodeURIComponent(raw);
  } catch (error) {
    if (error instanceof URIError) throw new S3Error('InvalidURI');
    throw error;
  }
}

function virtualHostBucket(host: string): string | undefined {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  return name.endsWith('.localhost') ? name.slice(0, -'.localhost'.length) : undefined;
}

function readHeaders(message: IncomingMessage, query: URLSearchParams): Headers {
  const headers: Record<string, string | undefined> = Object.create(null);
  if (query.has('X-Amz-Signature')) {
    for (const [name, value] of query) {
      const lower = name.toLowerCase();
      if (lower.startsWith('x-amz-') && !PRESIGN_PARAMETERS.has(lower))
        headers[lower] = headerValue(lower, value);
    }
  }
  for (const [name, values] of Object.entries(message.headersDistinct)) headers[name] = values?.join(',');
  return headers;
}

/** A value from a query that shall stand in a header. @throws S3Error InvalidArgument */
export function headerValue(name: string, value: string): string {
  if (/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) return value;
  throw new S3Error('InvalidArgument', 'Header value cannot be represented using ISO-8859-1.', {
    ArgumentName: name,
    ArgumentValue: value,
  });
}

const PRESIGN_PARAMETERS = new Set([
  'x-amz-algorithm',
  'x-amz-credential',
  'x-amz-date',
  'x-amz-expires',
  'x-amz-signedheaders',
  'x-amz-signature',
]);
