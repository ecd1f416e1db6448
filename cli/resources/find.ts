import type { Client } from '../../client/index.ts';
import { type Body, getAt, withAt } from '../body/paths.ts';
import { CliError, UsageError } from '../exit.ts';
import { orchestrations } from './orchestrations.ts';
import { referencesIn } from './references.ts';
import type { AnyResource, Versioned } from './resource.ts';
import { standbys } from './standbys.ts';
import { storages } from './storages.ts';
import { templates } from './templates.ts';
import { transcodes } from './transcodes.ts';
import { watermarks } from './watermarks.ts';

const LARGEST_PAGE = 100;

/** What is called `name`, by its id or its name; undefined when there is none. */
const search = async (api: Client, resource: AnyResource, name: string): Promise<object | undefined> => {
  // An id that has the form of a name wins over a name that has the form of an id.
  let named: object | undefined;
  const query = resource.lookUp?.(name) ?? {};
  for await (const item of resource.pages(api, query, LARGEST_PAGE)) {
    if (resource.idOf(item) === name) return item;
    if (resource.nameOf?.(item) === name) named ??= item;
  }
  return named;
};

const missing = ({ noun, group }: AnyResource, name: string): CliError =>
  new CliError(`There is no ${noun} '${name}'. \`streamkeep ${group} list\` shows what there is.`);

/** The id of what is called `name`. @throws CliError when there is none */
export const findId = async (api: Client, resource: AnyResource, name: string): Promise<string> => {
  if (resource.isId?.(name) === true) return name;
  const found = await search(api, resource, name);
  if (found === undefined) throw missing(resource, name);
  return resource.idOf(found);
};

/** What is called `name`, with its version if it has one. @throws CliError when there is none */
export const findOne = async (
  api: Client,
  resource: AnyResource,
  name: string,
): Promise<Partial<Versioned<object>> & { data: object }> => {
  if (resource.get !== undefined) return resource.get(api, await findId(api, resource, name));
  const found = await search(api, resource, name);
  if (found === undefined) throw missing(resource, name);
  return { data: found };
};

const TARGETS = { storages, templates, watermarks, transcodes, standbys, orchestrations } satisfies Record<
  string,
  AnyResource
>;

/** `body` with ids where it refers to things by their names. @throws UsageError when there is no such thing */
export const withIds = async (
  api: Client,
  resource: Pick<AnyResource, 'references'>,
  body: Body,
): Promise<Body> => {
  let result = body;
  for (const { path, to } of referencesIn(resource, body)) {
    const name = getAt(result, path);
    if (typeof name !== 'string' || TARGETS[to].isId?.(name) === true) continue;
    const found = await search(api, TARGETS[to], name);
    if (found === undefined) {
      const { noun, group } = TARGETS[to];
      throw new UsageError(`${path.join('.')}: there is no ${noun} '${name}' (\`streamkeep ${group} list\`)`);
    }
    result = withAt(result, path, TARGETS[to].idOf(found));
  }
  return result;
};

/** `items` for people: with names where they refer to other things. A listing more for each kind that they refer to. */
export const withNames = async (
  api: Client,
  resource: Pick<AnyResource, 'references'>,
  items: readonly object[],
): Promise<object[]> => {
  const names = new Map<unknown, string>();
  const used = items.flatMap((item) => {
    const body = { ...item };
    return referencesIn(resource, body).filter(({ path }) => getAt(body, path) !== undefined);
  });
  for (const target of new Set(used.map(({ to }) => TARGETS[to]))) {
    for await (const item of target.pages(api, {}, LARGEST_PAGE)) {
      names.set(target.idOf(item), target.nameOf?.(item) ?? target.idOf(item));
    }
  }
  return items.map((item) =>
    referencesIn(resource, { ...item }).reduce<Body>(
      (body, { path }) => {
        const name = names.get(getAt(body, path));
        return name === undefined ? body : withAt(body, path, name);
      },
      { ...item },
    ),
  );
};
