import type { Client } from '../../client/index.ts';
import { type Body, getAt, withAt } from '../body/paths.ts';
import { referencesIn } from '../resources/references.ts';
import type { Versioned } from '../resources/resource.ts';
import { isOneOff, KINDS, type Kind, type KindName, targetOf } from './kinds.ts';
import type { Schemas } from './schema.ts';

/** One thing as it is configured now. */
export interface Present {
  readonly kind: Kind;
  readonly name: string;
  readonly id: string;
  /** As it would have to be sent, but with names where it refers to other things. */
  readonly body: Body;
}

/** Names and ids of what can be referred to. */
export interface Names {
  nameOf(kind: KindName, id: string): string | undefined;
  idOf(kind: KindName, name: string): string | undefined;
  add(kind: KindName, name: string, id: string): void;
}

export const createNames = (): Names => {
  const names = new Map<string, string>();
  const ids = new Map<string, string>();
  return {
    nameOf: (kind, id) => names.get(`${kind} ${id}`),
    idOf: (kind, name) => ids.get(`${kind} ${name}`),
    add: (kind, name, id) => {
      names.set(`${kind} ${id}`, name);
      ids.set(`${kind} ${name}`, id);
    },
  };
};

/** `body` with something else in the place of each reference that `change` knows. */
export const withReferences = (
  { resource }: Kind,
  body: Body,
  change: (kind: KindName, reference: string) => string | undefined,
): Body => {
  let result = body;
  for (const reference of referencesIn(resource, body)) {
    const value = getAt(result, reference.path);
    const next = typeof value === 'string' ? change(targetOf(reference), value) : undefined;
    if (next !== undefined) result = withAt(result, reference.path, next);
  }
  return result;
};

/** With names in the place of ids, in the order in which files are compared. */
const presentBody = (kind: Kind, item: object, names: Names, schemas: Schemas): Body => {
  const input = kind.resource.inputOf?.(item) ?? {};
  return schemas.complete(kind.schema, withReferences(kind, input, names.nameOf)).body;
};

export interface Configured {
  readonly present: readonly Present[];
  readonly names: Names;
  /** One of them as it is now, with its version. */
  read(present: Present): Promise<Versioned<Body>>;
}

const PAGE = 100;

/** Everything that is configured, in the order of `KINDS`; without what stands there for a one-off recording. */
export const readConfigured = async (api: Client, schemas: Schemas): Promise<Configured> => {
  const names = createNames();
  const present: Present[] = [];
  for (const kind of KINDS) {
    const { resource } = kind;
    for await (const item of resource.pages(api, {}, PAGE)) {
      const id = resource.idOf(item);
      const name = resource.nameOf?.(item) ?? id;
      names.add(kind.kind, name, id);
      if (isOneOff(kind, name)) continue;
      present.push({ kind, name, id, body: presentBody(kind, item, names, schemas) });
    }
  }
  return {
    present,
    names,
    read: async ({ kind, id, name }) => {
      const { resource } = kind;
      if (resource.get === undefined) throw new Error(`A ${kind.kind} cannot be read: ${name}`);
      const { data, etag } = await resource.get(api, id);
      return { data: presentBody(kind, data, names, schemas), etag };
    },
  };
};
