import type { Client } from '../client/index.ts';
import type { Io } from './io.ts';
import type { Output } from './output/output.ts';

/** What a command works with. */
export interface Context {
  readonly io: Io;
  readonly out: Output;
  readonly api: Client;
  /** Where `api` is. */
  readonly url: string;
  /** A client for the same API with another token. */
  withToken(token: string): Client;
}
