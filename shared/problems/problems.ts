import { type FieldError, Problem } from './problem.ts';

/** A request that is not as the API wants it. */
export const invalidRequest = (errors: readonly FieldError[], detail?: string): Problem =>
  new Problem(400, 'invalid-request', 'The request is not valid.', {
    errors,
    ...(detail === undefined ? {} : { detail }),
  });

/** Says nothing of why, so that nothing can be learned by trying. */
export const unauthenticated = (): Problem =>
  new Problem(401, 'unauthenticated', 'A valid bearer token is needed.', {
    headers: { 'www-authenticate': 'Bearer' },
  });

export const missingScope = (scope: string): Problem =>
  new Problem(403, 'missing-scope', 'The token does not allow this.', {
    detail: `The token needs the scope ${scope}.`,
    headers: { 'www-authenticate': `Bearer error="insufficient_scope", scope="${scope}"` },
  });

export const invalidSignature = (): Problem =>
  new Problem(403, 'invalid-signature', 'The link is not valid, or no longer.');

export const notFound = (detail: string): Problem => new Problem(404, 'not-found', 'Not found.', { detail });

export const methodNotAllowed = (allowed: readonly string[]): Problem =>
  new Problem(405, 'method-not-allowed', 'This path does not take that method.', {
    detail: `Allowed: ${allowed.join(', ')}.`,
    headers: { allow: allowed.join(', ') },
  });

/** Something stands in the way that the caller can change. */
export const conflict = (
  code: string,
  title: string,
  detail: string,
  extra?: Record<string, unknown>,
): Problem => new Problem(409, code, title, { detail, ...(extra === undefined ? {} : { extra }) });

/** `id` is still referred to; `usedBy` are the first of its users. */
export const inUse = (id: string, usedBy: readonly string[]): Problem =>
  conflict('in-use', 'It is in use.', `${id} cannot be deleted while it is used by ${usedBy.join(', ')}.`, {
    usedBy,
  });

/** Another request was faster; the same request may well succeed now. */
export const changedMeanwhile = (id: string): Problem =>
  conflict(
    'changed-meanwhile',
    'It was changed at the same time.',
    `${id} was changed by another request; try again.`,
  );

export const bodyTooLarge = (mostBytes: number): Problem =>
  new Problem(413, 'body-too-large', 'The body is too large.', {
    detail: `At most ${mostBytes} bytes are allowed.`,
  });

export const unsupportedMediaType = (allowed: string): Problem =>
  new Problem(415, 'unsupported-media-type', 'The body is of a type that is not read here.', {
    detail: `Send content-type: ${allowed}.`,
  });

/** The request is well-formed, but what it names did not stand the test. */
export const unprocessable = (code: string, title: string, errors: readonly FieldError[]): Problem =>
  new Problem(422, code, title, { errors });

export const internalProblem = (requestId: string): Problem =>
  new Problem(500, 'internal', 'Something went wrong on our side.', { extra: { requestId } });
