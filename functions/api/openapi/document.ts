import { createHash } from 'node:crypto';
import { type Route, TAGS } from '../route.ts';
import { createComponents } from './components.ts';
import { INFO, SECURITY_SCHEMES, TAG_DESCRIPTIONS } from './info.ts';
import { INGEST_PROBLEMS, ingestOperations } from './ingest.ts';
import { type Node, operationOf } from './operation.ts';
import { problemResponses, problemSchema, problemsOf } from './problems.ts';
import { webhooksOf } from './webhooks.ts';

/**
 * The OpenAPI 3.1 document of these routes, and of the ingest servers' callbacks.
 * @throws Error when a schema cannot be written as JSON Schema, or two have the same id
 */
export const createDocument = (routes: readonly Route[]): Node => {
  const components = createComponents();
  const statuses = [...routes.flatMap(problemsOf), ...INGEST_PROBLEMS];
  const responses = problemResponses(statuses, components.add(problemSchema, 'output'));
  const paths: Record<string, Node> = {};
  for (const route of routes) {
    const operation = operationOf(route, components);
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation };
  }
  return {
    openapi: '3.1.0',
    info: INFO,
    servers: [{ url: '/' }],
    tags: TAGS.map((name) => ({ name, description: TAG_DESCRIPTIONS[name] })),
    paths: { ...paths, ...ingestOperations() },
    webhooks: webhooksOf(components),
    components: { securitySchemes: SECURITY_SCHEMES, responses, schemas: components.schemas },
  };
};

/** The document as it is served, with its version. */
export const describe = (routes: readonly Route[]): { text: string; version: string } => {
  const text = JSON.stringify(createDocument(routes));
  return { text, version: createHash('sha256').update(text).digest('base64url').slice(0, 22) };
};
