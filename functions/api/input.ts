import type * as z from 'zod';
import type { FieldError } from '../../shared/problems/problem.ts';
import {
  bodyTooLarge,
  invalidRequest,
  preconditionFailed,
  preconditionRequired,
  unsupportedMediaType,
} from '../../shared/problems/problems.ts';
import { fieldErrors } from '../../shared/problems/validation.ts';
import type { HttpRequest } from './request.ts';
import type { Route, RouteInput } from './route.ts';

export const MAX_BODY_BYTES = 256 * 1024;

const readJson = (
  { headers, body }: HttpRequest,
  { bytes, advice }: NonNullable<Route['largestBody']> = { bytes: MAX_BODY_BYTES, advice: '' },
): unknown => {
  if (body.length > bytes) throw bodyTooLarge(bytes, advice);
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  if (type.trim().toLowerCase() !== 'application/json') throw unsupportedMediaType('application/json');
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    // The parser's own message may quote the body, and with it a secret.
    throw invalidRequest([{ in: 'body', field: '', message: 'must be JSON in UTF-8' }]);
  }
};

const isLeftOut = (schema: z.ZodType, { body }: HttpRequest): boolean =>
  body.length === 0 && schema.safeParse(undefined).success;

const repeatedErrors = (query: URLSearchParams): FieldError[] => {
  const names = [...query.keys()];
  const repeated = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...repeated].map((field) => ({ in: 'query', field, message: 'may be given only once' }));
};

// Weak ones count too: proxies that zip answers on their way weaken our ETags, which name versions and not bytes.
const ETAG = /^(?:W\/)?"([\x21\x23-\x7e]{1,128})"$/;
/** Each costs a read; nobody has read more versions of a thing than these. */
const MOST_VERSIONS = 5;

/**
 * The versions that `If-Match` names, one of which must be the current one; one that is undefined when it is absent.
 * @throws Problem 412 or 428
 */
export const readIfMatch = (
  { ifMatch: wanted }: Route,
  { headers }: HttpRequest,
): readonly (string | undefined)[] => {
  const given = wanted === undefined ? undefined : headers['if-match']?.trim();
  if (given === undefined) {
    if (wanted === 'required') throw preconditionRequired();
    return [undefined];
  }
  if (given === '*') return [given];
  const versions = given.split(',').flatMap((etag) => ETAG.exec(etag.trim())?.[1] ?? []);
  // Nothing of ours has such a version, so it has changed.
  if (versions.length === 0) throw preconditionFailed();
  return versions.slice(0, MOST_VERSIONS);
};

/**
 * Checks path, query and body of a request against its route, and reports all that is wrong at once.
 * @throws Problem 400, 413 or 415
 */
export const readInput = (
  route: Route,
  request: HttpRequest,
  given: Readonly<Record<string, string>>,
): Omit<RouteInput<unknown, unknown, unknown>, 'ifMatch'> => {
  const { params, query, body, largestBody } = route;
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
    body:
      body === undefined || isLeftOut(body, request)
        ? undefined
        : parse('body', body, readJson(request, largestBody)),
    baseUrl: request.baseUrl,
  };
  if (errors.length > 0) throw invalidRequest(errors);
  return input;
};
