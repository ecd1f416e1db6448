import { type FieldError, Problem } from './problem.ts';

/** Faults that an answer names. One that is full of them must not become too long to be sent. */
export const MOST_ERRORS = 200;

/** A request that is not as the API wants it. */
export const invalidRequest = (errors: readonly FieldError[], detail?: string): Problem => {
  const isCut = errors.length > MOST_ERRORS;
  const said = isCut ? `These are the first ${MOST_ERRORS} of ${errors.length} faults.` : detail;
  return new Problem(400, 'invalid-request', 'The request is not valid.', {
    errors: errors.slice(0, MOST_ERRORS),
    ...(said === undefined ? {} : { detail: said }),
  });
};

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

/** Says nothing of why either. */
export const invalidResultToken = (): Problem =>
  new Problem(401, 'unauthenticated', 'The token is not that of a step that has been handed over.');

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

/** Somebody changed it since the caller read it. */
export const preconditionFailed = (): Problem =>
  new Problem(412, 'precondition-failed', 'It has been changed since you read it.', {
    detail: 'Read it again, and send the new ETag as If-Match.',
  });

/** Two people who edit the same thing must not overwrite each other unseen. */
export const preconditionRequired = (): Problem =>
  new Problem(428, 'precondition-required', 'Say which version you want to change.', {
    detail: 'Send the ETag of what you have read as If-Match, or If-Match: * to overwrite whatever there is.',
  });

export const bodyTooLarge = (mostBytes: number, advice = ''): Problem =>
  new Problem(413, 'body-too-large', 'The body is too large.', {
    detail: `At most ${mostBytes} bytes are allowed. ${advice}`.trim(),
  });

export const unsupportedMediaType = (allowed: string): Problem =>
  new Problem(415, 'unsupported-media-type', 'The body is of a type that is not read here.', {
    detail: `Send content-type: ${allowed}.`,
  });

/** The request is well-formed, but what it names did not stand the test. */
export const unprocessable = (code: string, title: string, errors: readonly FieldError[]): Problem =>
  new Problem(422, code, title, { errors });

/** What a storage said stays in the logs: it may name keys that are not the caller's business. */
export const storageFailed = (cause?: Error): Problem =>
  new Problem(502, 'storage-failed', 'The storage did not answer as it should.', { cause });

export const internalProblem = (requestId: string): Problem =>
  new Problem(500, 'internal', 'Something went wrong on our side.', { extra: { requestId } });

/** For callers that can send it again. */
export const notTakenNow = (): Problem =>
  new Problem(503, 'not-taken', 'It could not be taken just now.', {
    detail: 'Send it again.',
    headers: { 'retry-after': '1' },
  });
