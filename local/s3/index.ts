/**
 * A small S3 server on disk, for local runs and tests. It serves one region; a second region is a second server.
 *
 * Two things are on disk, and one rule holds: **what the journal does not name does not exist.**
 *
 *     DIR/journal.jsonl        every change, one JSON record a line (store/records.ts)
 *     DIR/blobs/3f/3f9c…       bytes, in files with random names
 *
 * A body goes straight to a new blob. When it is whole and verified, one line in the journal makes it an object or a
 * part, which is a list of slices of blobs. So completing an upload is one line, whatever its size, and so is a copy;
 * a name is never a path; and `kill -9` leaves no half object: a blob without its line, and a torn last line, are swept
 * away at the next start. A blob is deleted when nothing refers to it any more and nobody reads it.
 *
 * The journal is replayed at start and kept in memory, keys in a sorted index, and rewritten without what is past at
 * start and whenever it has grown far beyond the state. It is not synced: the server outlives `kill -9`, not a power cut.
 * One process at a time may use a folder.
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Credentials } from './auth/authenticate.ts';
import { createS3Server } from './server.ts';
import type { CorsRule } from './store/records.ts';
import { Store } from './store/store.ts';

export type { Credentials } from './auth/authenticate.ts';
export type { CorsRule } from './store/records.ts';

export type S3Options = {
  readonly dataDir: string;
  /** @default '127.0.0.1' */
  readonly host?: string;
  /** 0 takes a free one. @default 0 */
  readonly port?: number;
  /** Requests must be signed for it. @default 'us-east-1' */
  readonly region?: string;
  readonly credentials: Credentials;
  /** For buckets that have no CORS configuration of their own. @default none */
  readonly cors?: readonly CorsRule[];
  /** Permissions that nobody has, such as `s3:PutObject`; may change at any time. @default none */
  readonly denied?: ReadonlySet<string>;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
  /** Told of faults of the server itself (answered with 500). @default console.error */
  readonly onFault?: (error: unknown, request: string) => void;
};

export type S3Instance = {
  /** `http://host:port`, for path-style clients. `http://localhost:port` serves `bucket.localhost` too. */
  readonly url: string;
  readonly port: number;
  readonly region: string;
  /** Ends all connections; resolves when everything acknowledged is on disk. */
  close(): Promise<void>;
};

/** Starts the server on a folder, which is made if it is not there. */
export async function startS3(options: S3Options): Promise<S3Instance> {
  const { host = '127.0.0.1', region = 'us-east-1' } = options;
  const store = await Store.open(options.dataDir);
  const server = createS3Server({
    store,
    region,
    credentials: options.credentials,
    cors: options.cors ?? [],
    denied: options.denied ?? new Set(),
    now: options.now ?? Date.now,
    onFault: options.onFault ?? ((error, request) => console.error(`S3: ${request}:`, error)),
  });
  server.http.listen(options.port ?? 0, host);
  try {
    await once(server.http, 'listening');
  } catch (error) {
    await store.close();
    throw error;
  }
  const { port } = server.http.address() as AddressInfo;
  const authority = host.includes(':') ? `[${host}]` : host;
  return {
    url: `http://${authority}:${port}`,
    port,
    region,
    close: async () => {
      const closed = once(server.http, 'close');
      server.http.close();
      server.http.closeAllConnections();
      await closed;
      await server.idle();
      await store.close();
    },
  };
}
