import { type Body, isBody, type Path } from '../body/paths.ts';

/** As much of a JSON Schema as the inputs of the API use. */
interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: unknown;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly default?: unknown;
  readonly const?: unknown;
}

const REF = '#/components/schemas/';

export interface Completed {
  readonly body: Body;
  /** Fields that the API does not know. */
  readonly unknown: readonly Path[];
}

/** Completes what is written in a file, as the API would: it knows its own defaults. */
export interface Schemas {
  /**
   * `body` with defaults where nothing is said, in the order of the schema. A field that is an object, and is left
   * empty, has all its defaults.
   * @param name of a schema of the API's OpenAPI document
   */
  complete(name: string, body: Body): Completed;
}

/** @param document the API's OpenAPI document */
export const createSchemas = (document: unknown): Schemas => {
  const components =
    isBody(document) && isBody(document.components) ? document.components.schemas : undefined;
  const named = (name: string): Schema => {
    const schema = isBody(components) ? components[name] : undefined;
    if (!isBody(schema)) throw new Error(`The API does not describe ${name}; it is another version.`);
    return schema;
  };

  /** The one that `value` is meant to be of: all its constants are there. */
  const resolved = (schema: Schema, value: unknown): Schema => {
    if (schema.$ref !== undefined) return resolved(named(schema.$ref.replace(REF, '')), value);
    const variant = schema.oneOf?.find(({ properties = {} }) =>
      Object.entries(properties).every(
        ([name, { const: constant }]) =>
          constant === undefined || (isBody(value) && value[name] === constant),
      ),
    );
    return variant ?? schema;
  };

  const complete = (given: Schema, value: unknown, path: Path, unknown: Path[]): unknown => {
    const schema = resolved(given, value);
    if (Array.isArray(value) && schema.items !== undefined) {
      const { items } = schema;
      return value.map((item, index) => complete(items, item, [...path, String(index)], unknown));
    }
    const { properties } = schema;
    if (properties === undefined || !(isBody(value) || value === null)) return value;
    const body = value ?? {};
    const result: Body = {};
    for (const [name, property] of Object.entries(properties)) {
      const field = Object.hasOwn(body, name) ? body[name] : structuredClone(property.default);
      if (field !== undefined) result[name] = complete(property, field, [...path, name], unknown);
    }
    for (const name of Object.keys(body).filter((name) => !Object.hasOwn(properties, name))) {
      result[name] = body[name];
      if (schema.additionalProperties === false) unknown.push([...path, name]);
    }
    return result;
  };

  return {
    complete: (name, body) => {
      const unknown: Path[] = [];
      return { body: complete(named(name), body, [], unknown) as Body, unknown };
    },
  };
};
