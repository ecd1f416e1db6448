import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import * as z from 'zod';
import { declaredRoutes } from '../../functions/api/openapi/declared-routes.ts';
import { createDocument } from '../../functions/api/openapi/document.ts';
import type { Route } from '../../functions/api/route.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

const jsonSchema: z.ZodType<JsonSchema> = z.record(z.string(), z.unknown());
const contentSchema = z.record(z.string(), z.object({ schema: jsonSchema }));
const responseSchema = z.object({ $ref: z.string().optional(), content: contentSchema.optional() });
const operationSchema = z.object({
  operationId: z.string(),
  parameters: z
    .array(
      z.object({
        name: z.string(),
        in: z.enum(['path', 'query', 'header']),
        required: z.boolean().default(false),
        schema: jsonSchema,
      }),
    )
    .default([]),
  requestBody: z.object({ content: contentSchema }).optional(),
  responses: z.record(z.string(), responseSchema),
});
type Response = z.infer<typeof responseSchema>;

/** One operation of the API: how it is described, and what it was declared as. */
export interface Operation extends z.infer<typeof operationSchema> {
  readonly method: Route['method'];
  readonly path: string;
  readonly route: Route;
}

const routes = declaredRoutes();
const document = createDocument(routes);
const documentSchema = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  components: z.object({
    schemas: z.record(z.string(), jsonSchema),
    responses: z.record(z.string(), responseSchema),
  }),
});
const { paths, components } = documentSchema.parse(document);

/** Every operation of the document that the API function answers. */
export const OPERATIONS: readonly Operation[] = routes.map((route) => {
  const { method, path } = route;
  return { ...operationSchema.parse(paths[path]?.[method.toLowerCase()]), method, path, route };
});

/** The schema that a reference of the document leads to. */
export const resolved = (schema: JsonSchema): JsonSchema => {
  const name = /^#\/components\/schemas\/(.+)$/.exec(String(schema.$ref ?? ''))?.[1];
  return name === undefined ? schema : resolved(components.schemas[name] ?? {});
};

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema(document, 'document');
const compiled = new Map<string, ValidateFunction>();

const validatorOf = (schema: JsonSchema): ValidateFunction => {
  // References inside the document are to the document, wherever the schema that holds them is compiled.
  const text = JSON.stringify(schema).replaceAll('"#/', '"document#/');
  const validate = compiled.get(text) ?? ajv.compile(JSON.parse(text));
  compiled.set(text, validate);
  return validate;
};

const describedResponse = ({ responses }: Operation, status: number): Response | undefined => {
  const response = responses[String(status)];
  const name = /^#\/components\/responses\/(.+)$/.exec(response?.$ref ?? '')?.[1];
  return name === undefined ? response : components.responses[name];
};

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly json: unknown;
}

/** In what an answer is not as the document says; empty when it is. */
export const faultsOf = (operation: Operation, { status, headers, json }: Answered): string[] => {
  const response = describedResponse(operation, status);
  if (response === undefined) {
    // A path with an id that is none is no path of this operation.
    return [401, 404, 405].includes(status) ? [] : [`${status} is not among the described answers`];
  }
  if (response.content === undefined) return json === undefined ? [] : ['a body is not described'];
  const [type = ''] = String(headers['content-type']).split(';');
  const content = response.content[type] ?? response.content[String(headers['content-type'])];
  if (content === undefined) return [`${type} is not among the described types of ${status}`];
  if (!type.includes('json')) return [];
  const validate = validatorOf(content.schema);
  if (validate(json)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath || '/'} ${message}`);
};
