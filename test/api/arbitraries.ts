import fc, { type Arbitrary } from 'fast-check';
import { type JsonSchema, type Operation, resolved } from './described.ts';

/** Texts that programs trip over. */
const NASTY_TEXTS = [
  '',
  ' ',
  '\u0000',
  '\ud800',
  '../../etc/passwd',
  '__proto__',
  'constructor',
  'null',
  '-1',
  '1e309',
  '%00',
  '%zz',
  "'; DROP TABLE streams; --",
  '<script>alert(1)</script>',
  '直播/🎥',
  'a'.repeat(5000),
  '2026-02-30T25:61:61Z',
  'https://169.254.169.254/latest/meta-data/',
];

const nastyText = fc.oneof(fc.constantFrom(...NASTY_TEXTS), fc.string({ unit: 'binary', maxLength: 40 }));
const anything = fc.oneof(
  nastyText,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.jsonValue({ maxDepth: 3 }),
);

const textOf = ({ format, pattern, minLength, maxLength }: JsonSchema): Arbitrary<string> => {
  if (format === 'date-time') {
    const [min, max] = [new Date('2020-01-01'), new Date('2030-01-01')];
    return fc.date({ min, max, noInvalidDate: true }).map((date) => date.toISOString());
  }
  if (format === 'uri') return fc.webUrl();
  if (typeof pattern === 'string') {
    try {
      return fc.stringMatching(new RegExp(pattern, /\\p\{/.test(pattern) ? 'u' : ''), { size: '-1' });
    } catch {
      // Patterns with look-arounds cannot be generated from; what comes is mostly refused.
    }
  }
  return fc.string({ minLength: Number(minLength ?? 0), maxLength: Math.min(Number(maxLength ?? 64), 64) });
};

const objectOf = ({ properties = {}, required = [], additionalProperties }: JsonSchema) => {
  const members = Object.entries(properties as Record<string, JsonSchema>);
  const known = fc.record(Object.fromEntries(members.map(([name, schema]) => [name, valuesOf(schema)])), {
    requiredKeys: required as string[],
  });
  if (typeof additionalProperties !== 'object' || members.length > 0) return known;
  return fc.dictionary(fc.string({ maxLength: 10 }), valuesOf(additionalProperties as JsonSchema), {
    maxKeys: 3,
  });
};

/** Values that a schema allows, or nearly: rules that JSON Schema cannot say are not kept. */
const valuesOf = (given: JsonSchema): Arbitrary<unknown> => {
  const schema = resolved(given);
  const { enum: members, const: only, anyOf, oneOf, type, minimum, maximum, items } = schema;
  if (only !== undefined) return fc.constant(only);
  if (Array.isArray(members)) return fc.constantFrom(...(members as unknown[]));
  const choices = (anyOf ?? oneOf) as JsonSchema[] | undefined;
  if (choices !== undefined) return fc.oneof(...choices.map(valuesOf));
  switch (type) {
    case 'string':
      return textOf(schema);
    case 'integer':
      return fc.integer({ min: Number(minimum ?? 0), max: Math.min(Number(maximum ?? 1000), 2 ** 31) });
    case 'number':
      return fc.double({ min: Number(minimum ?? 0), max: Number(maximum ?? 1000), noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(valuesOf(items as JsonSchema), { maxLength: 4 });
    case 'object':
      return objectOf(schema);
    default:
      return anything;
  }
};

/** The example of a body, some of its members exchanged for others that the schema allows: mostly accepted. */
const nearExample = (example: unknown, given: JsonSchema): Arbitrary<unknown> => {
  const { properties = {} } = resolved(given);
  const members = Object.entries(properties as Record<string, JsonSchema>).map(([name, schema]) => {
    const shown = (example as Record<string, unknown> | undefined)?.[name];
    const arbitrary = fc.oneof(
      { weight: 14, arbitrary: fc.constant(shown) },
      { weight: 1, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: valuesOf(schema) },
    );
    return [name, arbitrary] as const;
  });
  return fc.record(Object.fromEntries(members));
};

/** The same, with one member somewhere replaced, left out or added: what a client does wrong. */
const damagedOf = (value: Arbitrary<unknown>): Arbitrary<unknown> =>
  fc
    .tuple(value, anything, fc.nat(), fc.constantFrom('replace', 'remove', 'add'))
    .map(([good, bad, at, how]) => {
      if (typeof good !== 'object' || good === null || Array.isArray(good)) return bad;
      const names = Object.keys(good);
      const name = names[at % Math.max(1, names.length)] ?? 'unknown';
      const rest = Object.fromEntries(Object.entries(good).filter(([other]) => other !== name));
      if (how === 'remove') return rest;
      return how === 'add' ? { ...good, surprising: bad } : { ...rest, [name]: bad };
    });

export interface GeneratedRequest {
  readonly operationId: string;
  /** By name; those that name something that exists are filled in when the request is sent. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: readonly (readonly [string, string])[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** Instead of the body, as it is. */
  readonly raw: string | undefined;
  /** Chooses among what exists. */
  readonly pick: number;
}

const asText = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value ?? null);

const mostly = <Value>(good: Arbitrary<Value>, bad: Arbitrary<Value>): Arbitrary<Value> =>
  fc.oneof({ weight: 4, arbitrary: good }, { weight: 1, arbitrary: bad });

const headersOf = (operation: Operation): Arbitrary<Record<string, string>> => {
  const ifMatch = operation.parameters.some(({ name }) => name === 'If-Match')
    ? mostly<string | undefined>(fc.constant('*'), fc.constantFrom(undefined, '"x"', 'x', '', '"', '*, *'))
    : fc.constant(undefined);
  const type = mostly(fc.constant('application/json'), fc.constantFrom('', 'text/plain', 'application/xml'));
  const hasBody = operation.requestBody !== undefined;
  return fc
    .record({ 'if-match': ifMatch, 'content-type': type })
    .map((headers) =>
      Object.fromEntries(
        Object.entries(headers).flatMap(([name, value]) =>
          value === undefined || (name === 'content-type' && !hasBody) ? [] : [[name, value]],
        ),
      ),
    );
};

const parametersOf = ({ parameters }: Operation, where: 'path' | 'query') =>
  parameters.filter((parameter) => parameter.in === where);

/** Requests for one operation: most as its description wants them, some nearly, some not at all. */
export const requestsFor = (operation: Operation): Arbitrary<GeneratedRequest> => {
  const path = fc.record(
    Object.fromEntries(
      parametersOf(operation, 'path').map(({ name, schema }) => [
        name,
        mostly(valuesOf(schema).map(asText), nastyText),
      ]),
    ),
  );
  const pairOf = ({ name, schema }: Operation['parameters'][number]) =>
    fc.tuple(fc.constant(name), mostly(valuesOf(schema).map(asText), nastyText));
  const pairs = parametersOf(operation, 'query').map(pairOf);
  const needed = parametersOf(operation, 'query').filter(({ required }) => required);
  const optional = parametersOf(operation, 'query').filter(({ required }) => !required);
  const some =
    optional.length === 0
      ? fc.constant([])
      : fc.uniqueArray(fc.oneof(...optional.map(pairOf)), { selector: ([name]) => name, maxLength: 3 });
  const surprise = fc.tuple(fc.constantFrom('surprising', 'limit', 'cursor'), nastyText);
  const query = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.tuple(fc.tuple(...needed.map(pairOf)), some).map((parts) => parts.flat()),
    },
    { weight: 1, arbitrary: fc.array(fc.oneof(surprise, ...pairs), { maxLength: 4 }) },
  );
  const schema = operation.requestBody?.content['application/json']?.schema;
  const good =
    schema === undefined
      ? fc.constant(undefined)
      : fc.oneof(
          { weight: 1, arbitrary: valuesOf(schema) },
          { weight: 2, arbitrary: nearExample(operation.route.example.body, schema) },
        );
  return fc.record({
    operationId: fc.constant(operation.operationId),
    path,
    query,
    headers: headersOf(operation),
    body: schema === undefined ? good : mostly(good, damagedOf(good)),
    raw:
      schema === undefined
        ? fc.constant(undefined)
        : fc.oneof({ weight: 15, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: nastyText }),
    pick: fc.nat(),
  });
};
