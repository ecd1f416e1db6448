import * as z from 'zod';

export type JsonSchema = z.core.JSONSchema.JSONSchema;
/** Which side of a schema is described: what may be sent, or what comes back with defaults filled in. */
export type Side = 'input' | 'output';

type Definitions = Readonly<Record<string, JsonSchema>>;

/** Leaves out what zod adds for validators, and only bothers readers. */
const tidy = ({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void => {
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
};

/** Inside another schema, because a schema with an id is a reference only there. */
const convert = (
  schema: z.ZodType,
  io: Side,
  unrepresentable: 'throw' | 'any' = 'throw',
): { root: JsonSchema; definitions: Definitions } => {
  const options = { target: 'draft-2020-12', io, unrepresentable, override: tidy } as const;
  const { properties = {}, $defs = {} } = z.toJSONSchema(z.object({ root: schema }), options);
  return { root: properties.root as JsonSchema, definitions: $defs };
};

const DEFINITION = '#/$defs/';

const withReferences = (schema: JsonSchema, refer: (id: string) => string): JsonSchema =>
  JSON.parse(JSON.stringify(schema), (key, value) =>
    key === '$ref' && typeof value === 'string' && value.startsWith(DEFINITION)
      ? refer(value.slice(DEFINITION.length))
      : value,
  );

/** A definition with all that it refers to, as text that can be compared. */
const wholeOf = (definitions: Definitions, id: string, above: readonly string[] = []): string =>
  JSON.stringify(
    withReferences(definitions[id] ?? {}, (inner) =>
      above.includes(inner) ? inner : wholeOf(definitions, inner, [...above, id]),
    ),
  );

/** Names of an input's definitions: one that reads otherwise than it writes, as defaults make it, is called `…Input`. */
const inputNames = (schema: z.ZodType, definitions: Definitions): ((id: string) => string) => {
  const written = convert(schema, 'output', 'any').definitions;
  return (id) =>
    id.endsWith('Input') || wholeOf(definitions, id) === wholeOf(written, id) ? id : `${id}Input`;
};

/** Collects the schemas that have an id (`.meta({ id })`) as the document's components. */
export const createComponents = () => {
  const schemas: Record<string, JsonSchema> = {};

  const keep = (name: string, schema: JsonSchema): void => {
    const before = schemas[name];
    if (before !== undefined && JSON.stringify(before) !== JSON.stringify(schema)) {
      throw new Error(`Two schemas of the API have the id ${name}`);
    }
    schemas[name] = schema;
  };

  /**
   * A schema as JSON Schema, which refers to components.
   * @throws Error when two schemas have the same id, or when one cannot be written as JSON Schema
   */
  const add = (schema: z.ZodType, side: Side): JsonSchema => {
    const { root, definitions } = convert(schema, side);
    const nameOf = side === 'output' ? (id: string) => id : inputNames(schema, definitions);
    const refer = (id: string): string => `#/components/schemas/${nameOf(id)}`;
    for (const [id, definition] of Object.entries(definitions)) {
      keep(nameOf(id), withReferences(definition, refer));
    }
    return withReferences(root, refer);
  };

  return { schemas, add };
};
export type Components = ReturnType<typeof createComponents>;
