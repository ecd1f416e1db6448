import { isDeepStrictEqual } from 'node:util';
import { type Body, getAt } from '../body/paths.ts';
import { referencesIn } from '../resources/references.ts';
import type { Document } from './documents.ts';
import { aliasOf, KINDS, type Kind, targetOf, toManifest } from './kinds.ts';
import { type Names, type Present, withReferences } from './present.ts';
import type { Schemas } from './schema.ts';

/** What has to be done about one thing. Bodies have names where they refer to other things, and no secrets. */
export type Step =
  | {
      readonly type: 'create';
      readonly kind: Kind;
      readonly name: string;
      readonly after: Body;
      readonly document: Document;
    }
  | {
      readonly type: 'update';
      readonly present: Present;
      readonly kind: Kind;
      readonly name: string;
      readonly after: Body;
      readonly document: Document;
    }
  | { readonly type: 'delete'; readonly present: Present; readonly kind: Kind; readonly name: string }
  | { readonly type: 'unchanged'; readonly kind: Kind; readonly name: string };

export interface Plan {
  /** In the order in which they can be carried out. */
  readonly steps: readonly Step[];
  /** What is wrong with the files, in words, with the places. */
  readonly problems: readonly string[];
}

const keyOf = ({ kind: { kind }, name }: { kind: Kind; name: string }): string => `${kind} ${name}`;

/** As the API would show it, in shape. */
const comparable = ({ kind: { resource }, body }: Document): Body => resource.files?.toCompare(body) ?? body;

/** Without what is not compared, as the API never shows it. */
const withoutSecrets = ({ secrets }: Kind, body: Body): Body =>
  Object.fromEntries(Object.entries(body).filter(([name]) => !secrets.includes(name)));

/** What a document wants, completed with the API's defaults. */
const wanted = (document: Document, present: Present | undefined, schemas: Schemas, names: Names): Body => {
  const { kind } = document;
  const complete = schemas.complete(kind.schema, comparable(document)).body;
  // Ids are allowed too, and mean what they name.
  const named = withReferences(kind, complete, names.nameOf);
  const kept = kind.kept.filter((field) => named[field] === undefined && present?.body[field] !== undefined);
  const result = { ...named, ...Object.fromEntries(kept.map((field) => [field, present?.body[field]])) };
  return withoutSecrets(kind, schemas.complete(kind.schema, result).body);
};

const unknownFields = ({ kind, body, place, title }: Document, schemas: Schemas): string[] =>
  schemas
    .complete(kind.schema, body)
    .unknown.map((path) => `${place(path)}: ${title}: ${path.join('.')} is no field of a ${kind.kind}`);

/** References to what is neither there nor in the files. */
const danglingReferences = (
  { kind, body, place, title }: Document,
  documents: readonly Document[],
  names: Names,
): string[] =>
  referencesIn(kind.resource, body).flatMap((reference) => {
    const { path } = reference;
    const name = getAt(body, path);
    if (typeof name !== 'string') return [];
    const target = targetOf(reference);
    const isThere =
      names.idOf(target, name) !== undefined ||
      names.nameOf(target, name) !== undefined ||
      documents.some((other) => other.kind.kind === target && other.name === name);
    const [first = '', ...rest] = path;
    const shown = [aliasOf(kind, first), ...rest];
    return isThere
      ? []
      : [
          `${place(shown)}: ${title}: ${shown.join('.')}: there is no ${target} '${name}', nor one in the files`,
        ];
  });

/** What leads from `present` to what the documents say; with `prune`, what is in none of them goes. Pure. */
export const planOf = (
  documents: readonly Document[],
  { present, names }: { readonly present: readonly Present[]; readonly names: Names },
  schemas: Schemas,
  { prune }: { readonly prune: boolean },
): Plan => {
  const there = new Map(present.map((each) => [keyOf(each), each]));
  const stepOf = (document: Document): Step => {
    const { kind, name } = document;
    const before = there.get(keyOf(document));
    const after = wanted(document, before, schemas, names);
    if (before === undefined) return { type: 'create', kind, name, after, document };
    return isDeepStrictEqual(before.body, after)
      ? { type: 'unchanged', kind, name }
      : { type: 'update', present: before, kind, name, after, document };
  };
  const problems = documents.flatMap((document) => [
    ...unknownFields(document, schemas),
    ...danglingReferences(document, documents, names),
  ]);
  const order = (kind: Kind): number => KINDS.indexOf(kind);
  const changes = documents.map(stepOf).sort((one, other) => order(one.kind) - order(other.kind));
  const named = new Set(documents.map(keyOf));
  // What refers to something goes before it.
  const removals = prune
    ? present
        .filter((each) => !named.has(keyOf(each)))
        .map((each): Step => ({ type: 'delete', present: each, kind: each.kind, name: each.name }))
        .sort((one, other) => order(other.kind) - order(one.kind))
    : [];
  return { steps: [...changes, ...removals], problems };
};

/** What a step leads to, as it would stand in a file; undefined: to nothing. */
export const manifestAfter = (step: Step): Body | undefined => {
  if (step.type !== 'create' && step.type !== 'update') return undefined;
  const { kind, after, document } = step;
  const isNew = step.type === 'create';
  const given = kind.secrets.filter((name) => isNew && document.body[name] !== undefined);
  return toManifest(kind, { ...after, ...Object.fromEntries(given.map((name) => [name, '(not shown)'])) });
};

export const manifestBefore = (step: Step): Body | undefined =>
  step.type === 'update' || step.type === 'delete' ? toManifest(step.kind, step.present.body) : undefined;
