import { gzipSync } from 'node:zlib';
import type { APIGatewayProxyStructuredResultV2 as HttpResponse } from 'aws-lambda';

/** Names in lower case. */
export type HttpHeaders = Readonly<Record<string, string | undefined>>;

const acceptsGzip = (acceptEncoding = ''): boolean =>
  /(^|[\s,])gzip\s*(,|$|;(?!\s*q=0(\.0*)?\s*(,|$)))/i.test(acceptEncoding);

/** Whether the caller has this version already; what is compared is weak, as caches zip and unzip on the way. */
const has = (ifNoneMatch: string | undefined, version: string): boolean =>
  (ifNoneMatch ?? '').split(',').some((etag) => /"([^"]*)"/.exec(etag)?.[1] === version);

export interface Text {
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Of the text: answered as its ETag, and not sent again to who has it; absent: it has none. */
  readonly version?: string | undefined;
}

/**
 * An answer of text, zipped for those who take that. Lambda answers with 6 MB at most: signed URLs of a playlist take
 * 1.4 kB each, but a thirtieth of that when zipped. A player that takes gzip gets the longest recording, another one
 * some 4,000 segments.
 */
export const textResponse = (
  { text, headers: own, version }: Text,
  { 'accept-encoding': encodings, 'if-none-match': known }: HttpHeaders,
): HttpResponse => {
  const headers = {
    ...own,
    vary: 'accept-encoding',
    ...(version === undefined ? {} : { etag: `W/"${version}"` }),
  };
  if (version !== undefined && has(known, version)) return { statusCode: 304, headers };
  if (!acceptsGzip(encodings)) return { statusCode: 200, headers, body: text };
  return {
    statusCode: 200,
    headers: { ...headers, 'content-encoding': 'gzip' },
    body: gzipSync(text).toString('base64'),
    isBase64Encoded: true,
  };
};
