import * as z from 'zod';
import type { Resource, Template } from './load.ts';

/** What `Ref` and `Fn::GetAtt` give for a resource that exists locally. */
export interface Physical {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The account every local service says it belongs to. */
export const LOCAL_ACCOUNT = '000000000000';

/** Key under which a resource's physical form is kept. */
export const resourceKey = (stack: string, logicalId: string): string => `${stack}/${logicalId}`;

export interface Resolver {
  /** The value with every intrinsic replaced. @throws for an intrinsic or a resource that is not played locally. */
  readonly resolve: (stack: string, value: unknown) => unknown;
  /** Properties of a resource, checked by a schema that names those that matter. */
  readonly properties: <Output>(resource: Resource, schema: z.ZodType<Output>) => Output;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const text = (value: unknown): string => {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return String(value);
  throw new Error(`Expected text in a template, found ${JSON.stringify(value)}`);
};

const joinSchema = z.tuple([z.string(), z.array(z.unknown())]);
const attributeSchema = z.union([
  z.tuple([z.string(), z.string()]),
  z.string().transform((path): [string, string] => {
    const dot = path.indexOf('.');
    return [path.slice(0, dot), path.slice(dot + 1)];
  }),
]);
const substitutionSchema = z.union([
  z.string().transform((pattern): [string, Record<string, unknown>] => [pattern, {}]),
  z.tuple([z.string(), z.record(z.string(), z.unknown())]),
]);

/** Finds out how the templates name things: resources by `physical`, everything else from the templates themselves. */
export const createResolver = (
  stacks: Readonly<Record<string, Template>>,
  physical: ReadonlyMap<string, Physical>,
  region: string,
): Resolver => {
  const pseudo = (stack: string): Record<string, string> => ({
    'AWS::Region': region,
    'AWS::AccountId': LOCAL_ACCOUNT,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': stack,
  });

  const known = (stack: string, logicalId: string): Physical => {
    const found = physical.get(resourceKey(stack, logicalId));
    if (found !== undefined) return found;
    throw new Error(`${stack} refers to ${logicalId}, which does not run locally`);
  };

  const ref = (stack: string, logicalId: string): string =>
    pseudo(stack)[logicalId] ?? known(stack, logicalId).ref;

  const attribute = (stack: string, logicalId: string, name: string): string => {
    const value = known(stack, logicalId).attributes[name];
    if (value === undefined) throw new Error(`${stack}: ${logicalId} has no attribute ${name} locally`);
    return value;
  };

  const imported = (name: string): unknown => {
    for (const [stack, { Outputs }] of Object.entries(stacks)) {
      for (const { Value, Export } of Object.values(Outputs)) {
        if (Export !== undefined && resolve(stack, Export.Name) === name) return resolve(stack, Value);
      }
    }
    throw new Error(`No stack exports ${name}`);
  };

  const substitute = (stack: string, pattern: string, variables: Record<string, unknown>): string =>
    pattern.replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
      if (literal === '!') return `\${${name}}`;
      if (name in variables) return text(resolve(stack, variables[name]));
      const dot = name.indexOf('.');
      return dot < 0 ? ref(stack, name) : attribute(stack, name.slice(0, dot), name.slice(dot + 1));
    });

  const intrinsic = (stack: string, name: string, argument: unknown): unknown => {
    switch (name) {
      case 'Ref':
        return ref(stack, text(argument));
      case 'Fn::GetAtt':
        return attribute(stack, ...attributeSchema.parse(argument));
      case 'Fn::Join': {
        const [separator, parts] = joinSchema.parse(argument);
        return parts.map((part) => text(resolve(stack, part))).join(separator);
      }
      case 'Fn::Sub':
        return substitute(stack, ...substitutionSchema.parse(argument));
      case 'Fn::ImportValue':
        return imported(text(resolve(stack, argument)));
      default:
        throw new Error(`${stack} uses ${name}, which is not understood locally`);
    }
  };

  const resolve = (stack: string, value: unknown): unknown => {
    if (Array.isArray(value)) return value.map((item) => resolve(stack, item));
    if (!isRecord(value)) return value;
    const entries = Object.entries(value);
    const [only] = entries;
    if (entries.length === 1 && only !== undefined && (only[0] === 'Ref' || only[0].startsWith('Fn::'))) {
      return intrinsic(stack, ...only);
    }
    return Object.fromEntries(entries.map(([key, item]) => [key, resolve(stack, item)]));
  };

  const properties: Resolver['properties'] = ({ stack, logicalId, type, properties: raw }, schema) => {
    // Only what the schema names is resolved: the rest may refer to things that do not exist locally (roles, networks).
    const wanted = schema instanceof z.ZodObject ? Object.keys(schema.shape) : Object.keys(raw);
    const picked = Object.fromEntries(wanted.map((key) => [key, resolve(stack, raw[key])]));
    const parsed = schema.safeParse(picked);
    if (parsed.success) return parsed.data;
    throw new Error(
      `${type} ${logicalId} of ${stack} cannot be played locally: ${z.prettifyError(parsed.error)}`,
    );
  };

  return { resolve, properties };
};
