import * as z from 'zod';
import type { FieldError } from './problem.ts';

const LONGEST_GIVEN = 100;
const SECRET_NAME = /secret|token|password|credential|signature|authorization|apikey/i;

const valueAt = (input: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, step)
        ? (value as Record<PropertyKey, unknown>)[step]
        : undefined,
    input,
  );

/** Stream URLs often carry a user and password, or a key in the query. */
const withoutUrlSecrets = (text: string): string =>
  text.replace(/\/\/[^/?#]*@/, '//***@').replace(/^([a-z][a-z0-9+.-]*:\/\/[^?]*)\?.*$/is, '$1?***');

const shortened = (text: string): string =>
  text.length > LONGEST_GIVEN ? `${text.slice(0, LONGEST_GIVEN).toWellFormed()}…` : text;

const givenAt = (
  input: unknown,
  path: readonly PropertyKey[],
): { given?: string | number | boolean | null } => {
  if (path.some((step) => SECRET_NAME.test(String(step)))) return {};
  const value = valueAt(input, path);
  if (typeof value === 'string') return { given: shortened(withoutUrlSecrets(value)) };
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return { given: value };
  // Objects may be deep, and hold secrets further down; the path says enough.
  return {};
};

const jsonSchemaSchema: z.ZodType<JsonSchemaNode> = z.lazy(() =>
  z.object({
    $ref: z.string().optional(),
    $defs: z.record(z.string(), jsonSchemaSchema).optional(),
    properties: z.record(z.string(), jsonSchemaSchema).optional(),
    items: jsonSchemaSchema.optional(),
  }),
);
interface JsonSchemaNode {
  $ref?: string | undefined;
  $defs?: Record<string, JsonSchemaNode> | undefined;
  properties?: Record<string, JsonSchemaNode> | undefined;
  items?: JsonSchemaNode | undefined;
}

/** Names that the object at `path` may have. */
const allowedNames = (schema: z.ZodType, path: readonly PropertyKey[]): string[] => {
  const root = jsonSchemaSchema.parse(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
  // Schemas with an id stand among the definitions.
  const resolved = (node: JsonSchemaNode | undefined): JsonSchemaNode | undefined =>
    node?.$ref === undefined ? node : root.$defs?.[node.$ref.replace('#/$defs/', '')];
  const node = path.reduce<JsonSchemaNode | undefined>(
    (current, step) =>
      resolved(typeof step === 'number' ? current?.items : current?.properties?.[String(step)]),
    resolved(root),
  );
  return Object.keys(node?.properties ?? {});
};

const dotted = (path: readonly PropertyKey[]): string =>
  path.map((step) => shortened(String(step))).join('.');

/** Everything that `schema` found wrong with `input`, field by field. */
export const fieldErrors = (
  where: FieldError['in'],
  schema: z.ZodType,
  input: unknown,
  error: z.ZodError,
): FieldError[] =>
  error.issues.flatMap((issue): FieldError[] => {
    if (issue.code === 'unrecognized_keys') {
      const message = `is not known; allowed: ${allowedNames(schema, issue.path).join(', ')}`;
      return issue.keys.map((key) => {
        const path = [...issue.path, key];
        return { in: where, field: dotted(path), ...givenAt(input, path), message };
      });
    }
    const isMissing = issue.code === 'invalid_type' && valueAt(input, issue.path) === undefined;
    const message = isMissing && issue.path.length > 0 ? `is required: ${issue.message}` : issue.message;
    return [{ in: where, field: dotted(issue.path), ...givenAt(input, issue.path), message }];
  });
