import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Page } from '../table/pages.ts';
import { succeeds, type Table } from '../table/table.ts';
import {
  getItem,
  IS_AS_SEEN_OR_MINE,
  isExpected,
  type Key,
  listed,
  type Sources,
  versionOf,
} from './items.ts';
import { listPage, type PageRequest } from './lists.ts';
import { createNames } from './names.ts';

/** Which claim is its own, and its version: the lock for its next change. */
const heldSchema = z.object({ nameClaim: z.string(), writeId: z.string() });

/** A thing with the version that its next change must name. */
export interface VersionedItem<Thing> {
  readonly item: Thing;
  readonly version: string;
}

/** As it was read, to be replaced or removed. */
export interface SeenItem<Thing> extends VersionedItem<Thing> {
  readonly nameClaim: string;
}

export type Refusal =
  | { readonly type: 'name-taken' }
  | { readonly type: 'missing' }
  /** Somebody changed it meanwhile, or it is not the version that was expected. */
  | { readonly type: 'changed' };

export type ItemCreation<Thing> =
  | ({ readonly type: 'created' } & VersionedItem<Thing>)
  | { readonly type: 'name-taken' };
export type ItemChange<Thing> = ({ readonly type: 'replaced' } & VersionedItem<Thing>) | Refusal;
export type ItemRemoval<Thing> =
  | { readonly type: 'removed'; readonly item: Thing }
  | Exclude<Refusal, { readonly type: 'name-taken' }>;

export interface NamedKind<Thing> {
  /** Of its names and its list, such as `TRANSCODE`. */
  readonly kind: string;
  readonly schema: z.ZodType<Thing>;
  keyOf(id: string): Key;
  idOf(thing: Thing): string;
}

/** Things of one kind that have a name of their own, and that may go although something refers to them. */
export const createNamedItems = <Thing extends { readonly name: string }>(
  table: Table,
  sources: Sources,
  { kind, schema, keyOf, idOf }: NamedKind<Thing>,
) => {
  const { client, tableName } = table;
  const LIST = `${kind}S`;

  const see = async (id: string): Promise<SeenItem<Thing> | undefined> => {
    const item = await getItem(table, keyOf(id));
    if (item === undefined) return undefined;
    return {
      item: schema.parse(item),
      version: versionOf(item),
      nameClaim: heldSchema.parse(item).nameClaim,
    };
  };

  const names = createNames(table, sources, kind, async ({ ownerId, claimId }) => {
    return (await see(ownerId))?.nameClaim === claimId;
  });

  const get = async (id: string): Promise<VersionedItem<Thing> | undefined> => {
    const seen = await see(id);
    return seen && { item: seen.item, version: seen.version };
  };

  /** By name. */
  const list = (page: PageRequest): Promise<Page<Thing>> => listPage(table, { list: LIST, schema }, page);

  /** When it has the version `expected`; `*` and undefined stand for whatever it is. */
  const expectSeen = async (
    id: string,
    expected: string | undefined,
  ): Promise<({ readonly type: 'seen' } & SeenItem<Thing>) | Exclude<Refusal, { type: 'name-taken' }>> => {
    const seen = await see(id);
    if (seen === undefined) return { type: 'missing' };
    return isExpected(seen.version, expected) ? { type: 'seen', ...seen } : { type: 'changed' };
  };

  const itemOf = (thing: Thing, held: z.infer<typeof heldSchema>) => ({
    ...keyOf(idOf(thing)),
    ...thing,
    ...listed(LIST, thing.name),
    ...held,
  });

  const create = async (thing: Thing): Promise<ItemCreation<Thing>> => {
    const held = { nameClaim: sources.id(), writeId: sources.id() };
    if (!(await names.claim(thing.name, { ownerId: idOf(thing), claimId: held.nameClaim }))) {
      return { type: 'name-taken' };
    }
    await client.send(new PutCommand({ TableName: tableName, Item: itemOf(thing, held) }));
    return { type: 'created', item: thing, version: held.writeId };
  };

  /** Writes `next` over what was seen. */
  const replace = async (seen: SeenItem<Thing>, next: Thing): Promise<ItemChange<Thing>> => {
    const id = idOf(next);
    const isRenamed = seen.item.name !== next.name;
    const held = { nameClaim: isRenamed ? sources.id() : seen.nameClaim, writeId: sources.id() };
    const claim = { ownerId: id, claimId: held.nameClaim };
    if (isRenamed && !(await names.claim(next.name, claim))) {
      return { type: (await names.isClaimedBy(next.name, id)) ? 'changed' : 'name-taken' };
    }
    const isReplaced = await succeeds(
      client.send(
        new PutCommand({
          TableName: tableName,
          Item: itemOf(next, held),
          ConditionExpression: IS_AS_SEEN_OR_MINE,
          ExpressionAttributeValues: { ':seen': seen.version, ':mine': held.writeId },
        }),
      ),
    );
    if (!isReplaced) {
      const now = await see(id);
      // It may have been written for a moment, and its name be kept by whoever wrote after it.
      if (isRenamed && now?.nameClaim !== held.nameClaim) await names.release(next.name, claim);
      return { type: now === undefined ? 'missing' : 'changed' };
    }
    if (isRenamed) await names.release(seen.item.name, { ownerId: id, claimId: seen.nameClaim });
    return { type: 'replaced', item: next, version: held.writeId };
  };

  /** Removes what was seen, whoever refers to it. */
  const remove = async (seen: SeenItem<Thing>): Promise<ItemRemoval<Thing>> => {
    const { item, version, nameClaim } = seen;
    const id = idOf(item);
    const isRemoved = await succeeds(
      client.send(
        new DeleteCommand({
          TableName: tableName,
          Key: keyOf(id),
          ConditionExpression: 'writeId = :seen',
          ExpressionAttributeValues: { ':seen': version },
        }),
      ),
    );
    // A repeated delete fails its condition although the first one got through.
    if (!isRemoved && (await see(id)) !== undefined) return { type: 'changed' };
    await names.release(item.name, { ownerId: id, claimId: nameClaim });
    return { type: 'removed', item };
  };

  return { get, list, expectSeen, create, replace, remove };
};
