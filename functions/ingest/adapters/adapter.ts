import type { PushEvent } from '../../../shared/events/stream-events.ts';
import type { FieldError } from '../../../shared/problems/problem.ts';

/** A callback as it came in. */
export interface Callback {
  readonly method: string;
  readonly query: URLSearchParams;
  readonly body: string;
  /** When it was received or, if its sender has signed a time, then: the same each time that it is repeated. */
  readonly at: Date;
}

/** What a callback says. */
export type Parsed =
  /** A push has begun or ended. */
  | { type: 'event'; event: PushEvent }
  /** A push has begun or ended that cannot be recorded, for its name above all. */
  | { type: 'unusable'; says: PushEvent['type']; errors: readonly FieldError[] }
  /** Something else, which is no business of ours. */
  | { type: 'ignored' }
  /** Not a callback of this server at all. */
  | { type: 'invalid'; errors: readonly FieldError[] };

/** One kind of ingest server. */
export interface IngestAdapter {
  /** Whether the server ends a push whose callback is answered with anything but 200, or not at all. */
  readonly endsPushUnlessOk: boolean;
  /** Reads a callback. Pure. */
  parse(callback: Callback, domain: string): Parsed;
}
