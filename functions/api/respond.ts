import type { APIGatewayProxyStructuredResultV2 as HttpResponse } from 'aws-lambda';
import type { Problem } from '../../shared/problems/problem.ts';
import { textResponse } from '../common/text-response.ts';
import type { HttpRequest } from './request.ts';
import type { Route, Versioned } from './route.ts';

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

/** A route's result as it declared it. Parsing it keeps back whatever the route did not declare. */
export const routeResponse = (
  { response }: Route,
  { headers: asked }: HttpRequest,
  result: unknown,
): HttpResponse => {
  if (response.status === 204) return { statusCode: 204, headers: COMMON_HEADERS };
  const { value, version } = response.etag ? (result as Versioned) : { value: result };
  if ('schema' in response) {
    const headers = version === undefined ? {} : { etag: `"${version}"` };
    return jsonResponse(response.status, 'application/json', response.schema.parse(value), headers);
  }
  const headers = { ...COMMON_HEADERS, ...response.headers, 'content-type': response.contentType };
  return textResponse({ text: String(value), headers, version }, asked);
};
