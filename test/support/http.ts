import * as z from 'zod';

const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number(),
  detail: z.string().optional(),
  errors: z
    .array(
      z.object({ in: z.string(), field: z.string(), given: z.unknown().optional(), message: z.string() }),
    )
    .default([]),
});
export type ProblemView = z.infer<typeof problemSchema>;

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
  /** @throws when the answer is no problem document */
  problem(): ProblemView;
}

/** One request, whatever comes of it. A `form` is sent as nginx-rtmp sends one, anything else as JSON. */
export const send = async (
  method: string,
  url: string,
  { token, body, form }: { token?: string; body?: unknown; form?: Record<string, string> } = {},
): Promise<HttpAnswer> => {
  const response = await fetch(url, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(form === undefined ? {} : { body: new URLSearchParams(form) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    text,
    problem: () => {
      if (response.headers.get('content-type') !== 'application/problem+json') throw new Error(text);
      return problemSchema.parse(JSON.parse(text));
    },
  };
};
