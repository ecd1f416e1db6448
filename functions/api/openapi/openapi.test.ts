import { createConfig, lintFromString } from '@redocly/openapi-core';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { CALLBACK_EVENTS } from '../../../shared/schemas/callback.ts';
import { declaredRoutes } from './declared-routes.ts';
import { createDocument } from './document.ts';

const contentSchema = z.record(
  z.string(),
  z.object({ schema: z.unknown(), example: z.unknown().optional() }),
);
const operationSchema = z.object({
  operationId: z.string(),
  tags: z.array(z.string()).length(1),
  summary: z.string().min(10),
  parameters: z
    .array(
      z.object({
        name: z.string(),
        in: z.string(),
        description: z.string().optional(),
        example: z.unknown().optional(),
      }),
    )
    .default([]),
  requestBody: z.object({ content: contentSchema }).optional(),
  responses: z.record(z.string(), z.looseObject({ content: contentSchema.optional() })),
});
type Operation = z.infer<typeof operationSchema>;
const documentSchema = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  webhooks: z.record(z.string(), z.record(z.string(), z.unknown())),
  components: z.object({
    schemas: z.record(z.string(), z.unknown()),
    responses: z.record(z.string(), z.object({ content: contentSchema })),
  }),
});

const routes = declaredRoutes();
const document = createDocument(routes);
const { paths, webhooks, components } = documentSchema.parse(document);
const named = routes.map((route) => ({ route, name: `${route.method} ${route.path}` }));

const operationAt = (method: string, path: string): Operation =>
  operationSchema.parse(paths[path]?.[method.toLowerCase()]);

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema(document, 'document');

const pointer = (...steps: string[]): string =>
  steps.map((step) => `/${encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('');

/** What is wrong with a value by the schema at this place of the document. */
const faults = (value: unknown, ...steps: string[]): unknown => {
  const validate = ajv.compile({ $ref: `document#${pointer(...steps)}` });
  return validate(value) ? [] : validate.errors;
};

describe('The OpenAPI document', () => {
  it('has neither errors nor warnings by the recommended rules', async () => {
    const config = await createConfig({ extends: ['recommended'] });
    const problems = await lintFromString({ source: JSON.stringify(document), config });
    expect(
      problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer}`),
    ).toEqual([]);
  });

  it.each(named)('describes $name, with every parameter', ({ route: { method, path, operationId } }) => {
    const operation = operationAt(method, path);
    expect(operation.operationId).toBe(operationId);
    const undescribed = operation.parameters.filter(({ description }) => description === undefined);
    expect(undescribed.map(({ name }) => name)).toEqual([]);
  });

  it('gives every operation an id of its own', () => {
    const ids = routes.map(({ operationId }) => operationId);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    expect(ids.filter((id) => !/^[a-z][A-Za-z]+$/.test(id))).toEqual([]);
  });

  it.each(named)('shows $name by an example that is valid', ({ route: { method, path, ...route } }) => {
    const at = ['paths', path, method.toLowerCase()];
    const operation = operationAt(method, path);
    for (const [index, { name, in: where, example }] of operation.parameters.entries()) {
      if (where === 'path') expect(example, `example of ${name}`).toBeDefined();
      if (example !== undefined) {
        expect(faults(example, ...at, 'parameters', String(index), 'schema'), name).toEqual([]);
      }
    }
    const { params = {}, query = {}, body, response } = route.example;
    expect(route.params.safeParse(params).error).toBeUndefined();
    expect(route.query.safeParse(query).error).toBeUndefined();
    if (route.body !== undefined) {
      expect(route.body.safeParse(body).error).toBeUndefined();
      expect(faults(body, ...at, 'requestBody', 'content', 'application/json', 'schema')).toEqual([]);
    }
    if (!('schema' in route.response)) return;
    const status = String(route.response.status);
    expect(response, 'example of the response').toBeDefined();
    expect(faults(response, ...at, 'responses', status, 'content', 'application/json', 'schema')).toEqual([]);
    expect(route.response.schema.parse(response), 'has members that nobody gets').toEqual(response);
  });

  it.each(Object.entries(components.responses))('shows the problem %s as it is', (name, { content }) => {
    const type = 'application/problem+json';
    const steps = ['components', 'responses', name, 'content', type, 'schema'];
    expect(faults(content[type]?.example, ...steps)).toEqual([]);
  });

  it.each(Object.entries(webhooks))('shows what a callback is told of %s', (type, { post }) => {
    const { requestBody, operationId } = operationSchema.parse(post);
    const json = requestBody?.content['application/json'];
    const steps = ['webhooks', type, 'post', 'requestBody', 'content', 'application/json', 'schema'];
    expect(operationId).toMatch(/^on[A-Z]/);
    expect(json?.example).toMatchObject({ type });
    expect(faults(json?.example, ...steps)).toEqual([]);
  });

  it('tells of every event that a callback can ask for', () => {
    expect(Object.keys(webhooks)).toEqual(expect.arrayContaining([...CALLBACK_EVENTS]));
  });

  it('names its schemas as people would', () => {
    expect(Object.keys(components.schemas).filter((name) => !/^[A-Z][A-Za-z]+$/.test(name))).toEqual([]);
  });

  it('demands a token with a scope wherever the API does, and says what is answered without', () => {
    for (const { route, name } of named) {
      const { security } = z
        .object({ security: z.array(z.record(z.string(), z.array(z.string()))) })
        .parse(paths[route.path]?.[route.method.toLowerCase()]);
      const statuses = Object.keys(operationAt(route.method, route.path).responses);
      expect(security, name).toEqual(route.scope === 'public' ? [] : [{ token: [route.scope] }]);
      if (route.scope !== 'public') expect(statuses, name).toEqual(expect.arrayContaining(['401', '403']));
      if (route.ifMatch === 'required')
        expect(statuses, name).toEqual(expect.arrayContaining(['412', '428']));
    }
  });
});
