import * as z from 'zod';
import type { Problem } from '../../../shared/problems/problem.ts';
import {
  bodyTooLarge,
  conflict,
  internalProblem,
  invalidRequest,
  missingScope,
  notFound,
  notTakenNow,
  preconditionFailed,
  preconditionRequired,
  storageFailed,
  unauthenticated,
  unprocessable,
  unsupportedMediaType,
} from '../../../shared/problems/problems.ts';
import { MAX_BODY_BYTES } from '../input.ts';
import type { Route } from '../route.ts';

/** One thing that was wrong with a request. */
const fieldErrorSchema = z
  .object({
    in: z.enum(['body', 'query', 'path']).describe('Where the field was given.'),
    field: z.string().describe('Dotted, such as `formats.mp4.maxMinutes`; empty for the whole.'),
    given: z
      .union([z.string(), z.number(), z.boolean(), z.null()])
      .optional()
      .describe('What was given, shortened; absent when nothing was, or when it may be secret.'),
    message: z.string().describe('What is wrong with it, and what is allowed.'),
  })
  .meta({ id: 'FieldError' });

/** RFC 9457 problem details; some problems have further members. */
export const problemSchema = z
  .looseObject({
    type: z
      .string()
      .regex(/^urn:streamkeep:problem:[a-z0-9-]+$/)
      .describe('What kind of problem it is, for programs.'),
    title: z.string().describe('The kind of problem in words.'),
    status: z.int().min(400).max(599),
    detail: z.string().optional().describe('What is special about this one.'),
    errors: z.array(fieldErrorSchema).optional().describe('Every bad field.'),
    requestId: z.string().optional().describe('Of a fault on our side: names it in the logs.'),
    usedBy: z.array(z.string()).optional().describe('Of something in use: the first of its users.'),
  })
  .meta({ id: 'Problem', description: 'Problem details (RFC 9457). Some problems have further members.' });

interface Answer {
  /** Its name among the document's components. */
  readonly name: string;
  readonly description: string;
  readonly example: Problem;
}

/** Every answer that is no success, with what it looks like. */
const PROBLEM_ANSWERS: Readonly<Record<number, Answer>> = {
  400: {
    name: 'InvalidRequest',
    description: 'A parameter or a field is not valid. All faults are named at once.',
    example: invalidRequest([
      { in: 'query', field: 'limit', given: '999', message: 'Too big: expected number to be <=100' },
    ]),
  },
  401: {
    name: 'Unauthenticated',
    description: 'No valid token. Every path answers so without one.',
    example: unauthenticated(),
  },
  403: { name: 'Forbidden', description: 'The token lacks the scope.', example: missingScope('write') },
  404: {
    name: 'NotFound',
    description: 'There is no such thing.',
    example: notFound('There is no template tpl_1.'),
  },
  409: {
    name: 'Conflict',
    description:
      'It exists already, it is in use, it was changed at the same time, or its state does not allow it.',
    example: conflict('name-taken', 'The name is taken.', 'There is a template named shows already.'),
  },
  412: {
    name: 'PreconditionFailed',
    description: 'It has been changed since: its ETag is not the one of `If-Match`.',
    example: preconditionFailed(),
  },
  413: {
    name: 'BodyTooLarge',
    description: 'The body is too large.',
    example: bodyTooLarge(MAX_BODY_BYTES),
  },
  415: {
    name: 'UnsupportedMediaType',
    description: 'The body is not JSON.',
    example: unsupportedMediaType('application/json'),
  },
  422: {
    name: 'Unprocessable',
    description: 'What the request names did not stand the test.',
    example: unprocessable('storage-check-failed', 'Recording to this storage would fail.', [
      { in: 'body', field: 'bucket', given: 'recordings', message: 'must allow s3:PutObject: Access Denied' },
    ]),
  },
  428: {
    name: 'PreconditionRequired',
    description: '`If-Match` is missing.',
    example: preconditionRequired(),
  },
  500: {
    name: 'Internal',
    description: 'A fault on our side. The `requestId` is in the logs.',
    example: internalProblem('3f1c9a52-6d0e-4a53-b0c5-8a3a2b8f0d11'),
  },
  502: {
    name: 'StorageFailed',
    description: 'A storage did not answer as it should.',
    example: storageFailed(),
  },
  503: {
    name: 'NotTaken',
    description: 'A callback could not be taken just now; it may be sent again.',
    example: notTakenNow(),
  },
};

const isEmpty = (schema: z.ZodType): boolean =>
  schema instanceof z.ZodObject && Object.keys(schema.shape).length === 0;

/** Answers of a route besides success: by rule from what it declares, and those that it names itself. */
export const problemsOf = ({ method, scope, params, body, ifMatch, problems = [] }: Route): number[] => {
  const all = new Set<number>([400, 500, ...problems]);
  if (scope !== 'public') all.add(401).add(403);
  if (!isEmpty(params)) all.add(404);
  if (method !== 'GET') all.add(409);
  if (body !== undefined) all.add(413).add(415);
  if (ifMatch !== undefined) all.add(412);
  if (ifMatch === 'required') all.add(428);
  return [...all].sort((one, other) => one - other);
};

const answerOf = (status: number): Answer => {
  const answer = PROBLEM_ANSWERS[status];
  if (answer === undefined) throw new Error(`The description has no words for the status ${status}`);
  return answer;
};

export const refersToProblem = (status: number): { $ref: string } => ({
  $ref: `#/components/responses/${answerOf(status).name}`,
});

/** The answers that operations refer to. */
export const problemResponses = (statuses: Iterable<number>, schema: unknown): Record<string, unknown> =>
  Object.fromEntries(
    [...new Set(statuses)].map((status) => {
      const { name, description, example } = answerOf(status);
      const content = { 'application/problem+json': { schema, example: example.document() } };
      return [name, { description, content }];
    }),
  );
