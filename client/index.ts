import createFetchClient, { type Client as FetchClient } from 'openapi-fetch';
import { ApiProblem } from './problem.ts';
import type { components, paths } from './schema.d.ts';

export { ApiProblem, type FieldError } from './problem.ts';
export type { operations, paths } from './schema.d.ts';

/** What the API takes and answers, by name. */
export type Schemas = components['schemas'];

/** Calls by method and path, such as `api.GET('/v1/templates/{templateId}', { params })`. */
export type Client = FetchClient<paths>;

export interface ClientOptions {
  /** Where the API is, such as `https://api.example.com`. */
  readonly url: string;
  readonly token: string;
  /** @default the global one */
  readonly fetch?: (request: Request) => Promise<Response>;
}

export const createClient = ({ url, token, fetch }: ClientOptions): Client =>
  createFetchClient<paths>({
    baseUrl: url.replace(/\/+$/, ''),
    headers: { authorization: `Bearer ${token}` },
    ...(fetch === undefined ? {} : { fetch }),
  });

/** What a call of the client resolves to. */
interface Answer<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/**
 * What a call was answered with.
 * @throws ApiProblem when it was refused
 */
export const dataOf = async <Data>(call: Promise<Answer<Data>>): Promise<Exclude<Data, undefined>> => {
  const { data, error, response } = await call;
  if (!response.ok) throw new ApiProblem(response.status, error);
  return data as Exclude<Data, undefined>;
};

/**
 * What a call was answered with, and its ETag, which a PUT or DELETE gives as `If-Match`.
 * @throws ApiProblem when it was refused
 */
export const versionedOf = async <Data>(
  call: Promise<Answer<Data>>,
): Promise<{ data: Exclude<Data, undefined>; etag: string }> => {
  const data = await dataOf(call);
  const etag = (await call).response.headers.get('etag');
  if (etag === null) throw new Error('What was read has no version');
  return { data, etag };
};

/** Query parameters that continue a list. */
export interface Continuation {
  readonly limit: number;
  readonly cursor?: string;
}

/**
 * Every item of a list, read page by page as they are taken:
 * `itemsOf((page) => api.GET('/v1/recordings', { params: { query: { state: 'failed', ...page } } }))`.
 * @throws ApiProblem when a page was refused
 */
export async function* itemsOf<Item>(
  read: (page: Continuation) => Promise<Answer<{ items: Item[]; cursor: string | null }>>,
  limit = 100,
): AsyncGenerator<Item, void, void> {
  let page: Continuation | undefined = { limit };
  while (page !== undefined) {
    const { items, cursor }: { items: Item[]; cursor: string | null } = await dataOf(read(page));
    yield* items;
    page = cursor === null ? undefined : { limit, cursor };
  }
}
