import { createApi } from '../../functions/api/api.ts';
import { hashSecret } from '../../shared/auth/secrets.ts';
import { createTokens, type Scope } from '../../shared/auth/tokens.ts';
import { systemSources } from '../../shared/config/items.ts';
import type { Bucket } from '../../shared/schemas/storage.ts';
import type { ObjectStore } from '../../shared/storage/object-store.ts';
import { createMemoryStore } from './memory-store.ts';
import { startTable, type TestTable } from './table.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly json: any;
}

export interface CallOptions {
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is. */
  readonly raw?: string;
  /** Whether `raw` is base64, as bodies that are no text are. */
  readonly isBase64?: boolean;
  readonly token?: string | null;
  readonly headers?: Record<string, string>;
}

export interface TestApi {
  readonly table: TestTable;
  readonly tokens: Readonly<Record<Scope | 'all', string>>;
  /** Everything that was logged, as text. */
  readonly logged: string[];
  /** What the bucket of this name is; by default one in memory that allows everything. */
  readonly stores: Map<string, ObjectStore>;
  clock: Date;
  /** With the token that has all scopes, unless another one is given; null: without. */
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  close(): Promise<void>;
}

/** The API on a table of its own, called with the events that an HTTP API makes. */
export const startApi = async (): Promise<TestApi> => {
  const table = await startTable();
  const store = createTokens(table);
  const tokens = { read: 'token-read', write: 'token-write', ingest: 'token-ingest', all: 'token-all' };
  for (const [name, token] of Object.entries(tokens)) {
    const scopes: Scope[] = name === 'all' ? ['read', 'write', 'ingest'] : [name as Scope];
    await store.ensure({ tokenHash: hashSecret(token), name, scopes });
  }
  const logged: string[] = [];
  const log = (message: string, details: Record<string, unknown> = {}): void => {
    logged.push(`${message} ${JSON.stringify(details)} ${String(details.error ?? '')}`);
  };
  const stores = new Map<string, ObjectStore>();
  const memory = createMemoryStore();

  const api: TestApi = {
    table,
    tokens,
    logged,
    stores,
    clock: new Date('2026-11-22T12:00:00.000Z'),
    call: async (method, path, { body, raw, isBase64 = false, token = tokens.all, headers = {} } = {}) => {
      const [rawPath = '', rawQueryString = ''] = path.split(/\?(.*)/s);
      const {
        statusCode,
        headers: answered,
        body: text = '',
      } = await answer({
        version: '2.0',
        rawPath,
        rawQueryString,
        headers: {
          ...(body === undefined && raw === undefined ? {} : { 'content-type': 'application/json' }),
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...headers,
        },
        ...(body === undefined && raw === undefined ? {} : { body: raw ?? JSON.stringify(body) }),
        isBase64Encoded: isBase64,
        requestContext: { domainName: 'api.example.com', requestId: 'request-1', http: { method } },
      });
      const isJson = /json/.test(String(answered?.['content-type']));
      return {
        status: statusCode ?? 0,
        headers: answered ?? {},
        text,
        json: isJson ? JSON.parse(text) : undefined,
      };
    },
    close: () => table.close(),
  };
  const answer = createApi({
    table,
    openStore: ({ bucket }: Bucket) => stores.get(bucket) ?? memory,
    sources: { ...systemSources, now: () => api.clock },
    log: { info: log, warn: log, error: log },
  });
  return api;
};
