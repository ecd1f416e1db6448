import type { Authentication } from '../auth/authenticate.ts';
import { type ReceiveOptions, receiveText } from '../body/receive.ts';
import { S3Error } from '../errors.ts';
import type { S3Request } from '../request.ts';
import type { Store } from '../store/store.ts';
import { parseXml, type Xml } from '../xml.ts';

/** What an operation works with. */
export type Context = {
  readonly request: S3Request;
  readonly authentication: Authentication;
  readonly store: Store;
  readonly region: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

export type Reply = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | AsyncIterable<Buffer>;
  /** Called when the body is no longer read, to its end or not. */
  readonly done?: () => Promise<void>;
};

export type Operation = (context: Context) => Promise<Reply>;

export const xmlReply = (body: Xml, headers: Reply['headers'] = {}): Reply => ({
  status: 200,
  headers: { 'content-type': 'application/xml', ...headers },
  body,
});

export function bucketName({ request }: Context): string {
  if (request.bucket === undefined) throw new S3Error('InvalidRequest', 'The request names no bucket');
  return request.bucket;
}

export function objectKey({ request }: Context): string {
  if (request.key === undefined) throw new S3Error('InvalidRequest', 'The request names no key');
  return request.key;
}

export async function readDocument(
  { request, authentication }: Context,
  options: ReceiveOptions = {},
): Promise<unknown> {
  return parseXml(await receiveText(request, authentication, options));
}

/** A number in the query, at most `maximum`. @throws S3Error InvalidArgument */
export function queryNumber({ request }: Context, name: string, fallback: number, maximum: number): number {
  const value = request.query.get(name);
  if (value === null || value === '') return fallback;
  if (!/^\d{1,10}$/.test(value)) {
    throw new S3Error('InvalidArgument', `Provided ${name} not an integer or within integer range`, {
      ArgumentName: name,
      ArgumentValue: value,
    });
  }
  return Math.min(Number(value), maximum);
}

export const isoTime = (time: number): string => new Date(time).toISOString();
export const quoted = (etag: string): string => `"${etag}"`;
export const unquoted = (etag: string): string => etag.trim().replace(/^"(.*)"$/, '$1');
