import { createHash } from 'node:crypto';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 as HttpResponse } from 'aws-lambda';
import { notFound } from '../../shared/problems/problems.ts';
import { type Text, textResponse } from '../common/text-response.ts';

const PAGE = 'index.html';
const PARTS = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'start.js': 'text/javascript; charset=utf-8',
} as const;

const COMMON_HEADERS = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' };

/** The page gets nothing from other hosts, and sends nothing there; Swagger UI sets styles on its elements. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const versionOf = (text: string): string =>
  createHash('sha256').update(text).digest('base64url').slice(0, 16);

/** The page and its parts. The page names the version of each part, so that browsers may keep them for good. */
const load = async (
  read: (name: string) => Promise<string>,
): Promise<{ page: Text; parts: ReadonlyMap<string, Text> }> => {
  const loading = Object.entries(PARTS).map(async ([name, type]): Promise<[string, Text]> => {
    const text = await read(name);
    const headers = {
      ...COMMON_HEADERS,
      'content-type': type,
      'cache-control': 'public, max-age=31536000, immutable',
    };
    return [name, { text, headers, version: versionOf(text) }];
  });
  const parts = new Map(await Promise.all(loading));
  const text = (await read(PAGE)).replaceAll(
    /"docs\/([\w.-]+)"/g,
    (_, name: string) => `"docs/${name}?v=${parts.get(name)?.version}"`,
  );
  const headers = {
    ...COMMON_HEADERS,
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': POLICY,
    'cache-control': 'no-cache',
  };
  return { page: { text, headers, version: versionOf(text) }, parts };
};

/** `/v1/docs` and `/v1/docs/{file}`: shows `/v1/openapi.json` to people. `read` gives a file of `assets.json` by its name. */
export const createDocs = (read: (name: string) => Promise<string>) => {
  let loaded: ReturnType<typeof load> | undefined;

  return async ({ pathParameters, headers }: APIGatewayProxyEventV2): Promise<HttpResponse> => {
    loaded ??= load(read);
    const { page, parts } = await loaded;
    const name = pathParameters?.file;
    const text = name === undefined ? page : parts.get(name);
    if (text !== undefined) return textResponse(text, headers);
    const problem = notFound('There is no such part of the page.');
    return {
      statusCode: problem.status,
      headers: { ...COMMON_HEADERS, 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
      body: JSON.stringify(problem.document()),
    };
  };
};
