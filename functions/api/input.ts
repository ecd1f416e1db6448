import type { z } from 'zod';
import type { FieldError } from '../../shared/problems/problem.ts';
import { bodyTooLarge, invalidRequest, unsupportedMediaType } from '../../shared/problems/problems.ts';
import { fieldErrors } from '../../shared/problems/validation.ts';
import type { HttpRequest } from './request.ts';
import type { Route, RouteInput } from './route.ts';

export const MAX_BODY_BYTES = 256 * 1024;

const readJson = ({ headers, body }: HttpRequest): unknown => {
  if (body.length > MAX_BODY_BYTES) throw bodyTooLarge(MAX_BODY_BYTES);
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  if (type.trim().toLowerCase() !== 'application/json') throw unsupportedMediaType('application/json');
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    // The parser's own message may quote the body, and with it a secret.
    throw invalidRequest([{ in: 'body', field: '', message: 'must be JSON in UTF-8' }]);
  }
};

const repeatedErrors = (query: URLSearchParams): FieldError[] => {
  const names = [...query.keys()];
  const repeated = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...repeated].map((field) => ({ in: 'query', field, message: 'may be given only once' }));
};

/**
 * Checks path, query and body of a request against its route, and reports all that is wrong at once.
 * @throws Problem 400, 413 or 415
 */
export const readInput = (
  { params, query, body }: Route,
  request: HttpRequest,
  given: Readonly<Record<string, string>>,
): RouteInput<unknown, unknown, unknown> => {
  const errors = repeatedErrors(request.query);
  const parse = (where: FieldError['in'], schema: z.ZodType, input: unknown): unknown => {
    const parsed = schema.safeParse(input);
    if (parsed.success) return parsed.data;
    errors.push(...fieldErrors(where, schema, input, parsed.error));
    return undefined;
  };
  const input = {
    params: parse('path', params, given),
    query: parse('query', query, Object.fromEntries(request.query)),
    body: body === undefined ? undefined : parse('body', body, readJson(request)),
    baseUrl: request.baseUrl,
  };
  if (errors.length > 0) throw invalidRequest(errors);
  return input;
};
