import type * as z from 'zod';
import type { PushEvent } from '../../../shared/events/stream-events.ts';
import type { FieldError } from '../../../shared/problems/problem.ts';
import { fieldErrors } from '../../../shared/problems/validation.ts';
import type { Parsed } from './adapter.ts';

/** A push as an ingest server tells it. */
export interface Push {
  readonly app: string;
  readonly stream: string;
  /** The publisher's connection: the same at the beginning and the end of a push, and not that of another push. */
  readonly clientId: string;
}

/** The fields of a form; of a name that is there more than once, the first. */
export const firstOfEach = <const Name extends string>(
  form: URLSearchParams,
  names: readonly Name[],
): Record<Name, string | undefined> =>
  Object.fromEntries(names.map((name) => [name, form.get(name) ?? undefined])) as Record<
    Name,
    string | undefined
  >;

export const invalid = (
  where: FieldError['in'],
  schema: z.ZodType,
  given: unknown,
  error: z.ZodError,
): Parsed => ({ type: 'invalid', errors: fieldErrors(where, schema, given, error) });

export const unusable = (
  says: PushEvent['type'],
  where: FieldError['in'],
  schema: z.ZodType,
  given: unknown,
  error: z.ZodError,
): Parsed => ({ type: 'unusable', says, errors: fieldErrors(where, schema, given, error) });

export const pushEvent = (
  type: PushEvent['type'],
  domain: string,
  { app, stream, clientId }: Push,
  at: Date,
): Parsed => ({
  type: 'event',
  event: { type, key: { domain, app, stream }, clientId, at: at.toISOString() },
});
