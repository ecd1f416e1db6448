import type { StreamEvent } from '../../../shared/events/stream-events.ts';
import type { FieldError } from '../../../shared/problems/problem.ts';

/** A callback as it came in. */
export interface Callback {
  readonly method: string;
  readonly query: URLSearchParams;
  readonly body: string;
  /** When it was received. */
  readonly receivedAt: Date;
}

/** What a callback says: something about a push, something else, or nothing that could be understood. */
export type Parsed =
  | { type: 'event'; event: StreamEvent }
  | { type: 'ignored' }
  | { type: 'invalid'; errors: readonly FieldError[] };

/** Reads the callbacks of one kind of ingest server. Pure. */
export type IngestAdapter = (callback: Callback, domain: string) => Parsed;
