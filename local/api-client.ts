import { z } from 'zod';

/** An answer of the API that was not expected. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;

  constructor(method: string, path: string, status: number, body: string) {
    super(`${method} ${path} answered ${status}: ${body}`);
    this.status = status;
  }
}

/** Streamkeep's own API, as any client uses it. */
export interface ApiClient {
  /** @throws ApiError unless the answer is 2xx and has the schema's form */
  request<Output>(method: string, path: string, schema: z.ZodType<Output>, body?: unknown): Promise<Output>;
}

export const createApiClient = (url: string, token: string): ApiClient => ({
  async request(method, path, schema, body) {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new ApiError(method, path, response.status, text);
    return schema.parse(text === '' ? undefined : JSON.parse(text));
  },
});

/** The first page of a list. */
export const listOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), cursor: z.string().nullable() });
