import { gzipSync } from 'node:zlib';
import type { APIGatewayProxyStructuredResultV2 as HttpResponse } from 'aws-lambda';
import type { Problem } from '../../shared/problems/problem.ts';
import type { HttpRequest } from './request.ts';
import type { Route } from './route.ts';

const COMMON_HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

const jsonResponse = (
  statusCode: number,
  contentType: string,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse => ({
  statusCode,
  headers: { ...COMMON_HEADERS, ...headers, 'content-type': contentType },
  body: JSON.stringify(value),
});

export const problemResponse = (problem: Problem): HttpResponse =>
  jsonResponse(problem.status, 'application/problem+json', problem.document(), problem.headers);

const acceptsGzip = (acceptEncoding = ''): boolean =>
  /(^|[\s,])gzip\s*(,|$|;(?!\s*q=0(\.0*)?\s*(,|$)))/i.test(acceptEncoding);

/**
 * Lambda answers with 6 MB at most. Signed URLs of a playlist take 1.4 kB each, but a thirtieth of that when zipped:
 * a player that takes gzip gets the longest recording, another one some 4,000 segments.
 */
const textBody = (
  text: string,
  acceptEncoding: string | undefined,
): Pick<HttpResponse, 'body' | 'headers' | 'isBase64Encoded'> =>
  acceptsGzip(acceptEncoding)
    ? {
        headers: { 'content-encoding': 'gzip', vary: 'accept-encoding' },
        body: gzipSync(text).toString('base64'),
        isBase64Encoded: true,
      }
    : { headers: { vary: 'accept-encoding' }, body: text };

/** A route's result as it declared it. Parsing it keeps back whatever the route did not declare. */
export const routeResponse = (
  { response }: Route,
  { headers: asked }: HttpRequest,
  result: unknown,
): HttpResponse => {
  if ('schema' in response) {
    return jsonResponse(response.status, 'application/json', response.schema.parse(result));
  }
  if ('contentType' in response) {
    const { headers, ...body } = textBody(String(result), asked['accept-encoding']);
    const all = { ...COMMON_HEADERS, ...response.headers, ...headers, 'content-type': response.contentType };
    return { statusCode: response.status, headers: all, ...body };
  }
  return { statusCode: response.status, headers: COMMON_HEADERS };
};
