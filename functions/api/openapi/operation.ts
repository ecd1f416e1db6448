import type * as z from 'zod';
import type { Route, RouteExample } from '../route.ts';
import type { Components, JsonSchema } from './components.ts';
import { problemsOf, refersToProblem } from './problems.ts';

/** A part of an OpenAPI document. */
export type Node = Readonly<Record<string, unknown>>;

const ETAG = {
  description: 'Version of what is in the body. Send it as `If-Match` to change exactly this version.',
  schema: { type: 'string' },
  example: '"01KAN2VXJ8Q6S5T4R3P2N1M0K9"',
} as const;

const IF_MATCH = {
  name: 'If-Match',
  in: 'header',
  description: 'ETag of the version that is meant; `*`: whatever there is.',
  schema: { type: 'string' },
  example: ETAG.example,
} as const;

const IF_NONE_MATCH = {
  name: 'If-None-Match',
  in: 'header',
  required: false,
  description: 'ETags of what the caller has already: then the answer is 304, without a body.',
  schema: { type: 'string' },
} as const;

/** Parameters are text in a request, but their schemas may speak of numbers. */
const asTyped = ({ type }: JsonSchema, text: string): string | number =>
  type === 'integer' || type === 'number' ? Number(text) : text;

const parametersOf = (
  where: 'path' | 'query',
  schema: z.ZodType,
  components: Components,
  examples: Readonly<Record<string, string>> = {},
): Node[] => {
  const { properties = {}, required = [] } = components.add(schema, 'input');
  return Object.entries(properties as Record<string, JsonSchema>).map(([name, property]) => {
    const { description, ...rest } = property;
    const example = examples[name];
    return {
      name,
      in: where,
      required: required.includes(name),
      description,
      schema: rest,
      ...(example === undefined ? {} : { example: asTyped(rest, example) }),
    };
  });
};

const headerParameters = ({ ifMatch, response }: Route): Node[] => [
  ...(ifMatch === undefined ? [] : [{ ...IF_MATCH, required: ifMatch === 'required' }]),
  ...('contentType' in response && response.etag ? [IF_NONE_MATCH] : []),
];

const withExample = (schema: JsonSchema, example: unknown): Node => ({
  schema,
  ...(example === undefined ? {} : { example }),
});

const DESCRIPTIONS = { 200: 'As asked.', 201: 'Made.', 202: 'Begun.', 204: 'Done.' } as const;

const successesOf = (
  { response }: Route,
  { response: example }: RouteExample,
  components: Components,
): Node => {
  const { status } = response;
  const description = DESCRIPTIONS[status];
  if (status === 204) return { [status]: { description } };
  const headers = response.etag ? { headers: { ETag: ETAG } } : {};
  if ('schema' in response) {
    const json = withExample(components.add(response.schema, 'output'), example);
    return { [status]: { description, ...headers, content: { 'application/json': json } } };
  }
  const type = response.contentType.startsWith('application/json') ? 'object' : 'string';
  return {
    [status]: { description, ...headers, content: { [response.contentType]: { schema: { type } } } },
    ...(response.etag ? { 304: { description: 'The caller has it already.' } } : {}),
  };
};

/** What a route declares, as an operation of an OpenAPI document. */
export const operationOf = (route: Route, components: Components): Node => {
  const { operationId, tag, summary, scope, params, query, body, example } = route;
  const parameters = [
    ...parametersOf('path', params, components, example.params),
    ...parametersOf('query', query, components, example.query),
    ...headerParameters(route),
  ];
  const problems = problemsOf(route).map((status) => [status, refersToProblem(status)]);
  return {
    operationId,
    tags: [tag],
    summary,
    // Also in words: pages that show the document leave out the scopes of bearer tokens.
    ...(scope !== 'public' && { description: `The token needs the scope \`${scope}\`.` }),
    security: scope === 'public' ? [] : [{ token: [scope] }],
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && {
      requestBody: {
        required: !body.safeParse(undefined).success,
        content: { 'application/json': withExample(components.add(body, 'input'), example.body) },
      },
    }),
    responses: { ...successesOf(route, example, components), ...Object.fromEntries(problems) },
  };
};
