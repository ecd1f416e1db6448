import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { ulid } from 'ulid';
import * as z from 'zod';
import { TABLE } from '../constants.ts';
import { batchGet } from '../table/batch-get.ts';
import type { Table } from '../table/table.ts';

/** What the repositories take from outside, so that tests can choose it. */
export interface Sources {
  now(): Date;
  /** Another one each time; sorts by time. */
  id(): string;
}

export const systemSources: Sources = { now: () => new Date(), id: () => ulid() };

/**
 * Seconds after which a write that was begun must have ended. Functions that write here run for 30 s at most, so a
 * half-done write that is older will never go on, and its traces may be removed.
 */
export const WRITE_SECONDS = 60;

export const isAbandoned = (begunAt: string, now: Date): boolean =>
  now.getTime() - Date.parse(begunAt) > WRITE_SECONDS * 1000;

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

export type Item = Record<string, unknown>;

/** Reads one item; consistent. */
export const getItem = async ({ client, tableName }: Table, { pk, sk }: Key): Promise<Item | undefined> => {
  const { Item } = await client.send(
    new GetCommand({ TableName: tableName, Key: { [TABLE.pk]: pk, [TABLE.sk]: sk }, ConsistentRead: true }),
  );
  return Item;
};

/** Reads items of different partitions; consistent. By partition key, without those that are not there. */
export const getItems = async (table: Table, keys: readonly Key[]): Promise<Map<string, Item>> => {
  const read = keys.map(({ pk, sk }) => ({ [TABLE.pk]: pk, [TABLE.sk]: sk }));
  const items = await batchGet(table, read, { consistent: true });
  return new Map(items.map((item) => [z.string().parse(item.pk), item]));
};

/**
 * Every write of an item brings a new `writeId`. It is the optimistic lock, and it makes the SDK's own retries
 * harmless: a condition that failed because the first try had got through holds for the second.
 */
export const IS_NEW_OR_MINE = 'attribute_not_exists(pk) OR writeId = :mine';
export const IS_AS_SEEN_OR_MINE = 'writeId = :seen OR writeId = :mine';

/** The version that callers see as the item's ETag: its `writeId`. */
export const versionOf = (item: Item): string => z.string().parse(item.writeId);

/** Whether a caller who wants to change this version may; `*` and undefined stand for whatever it is. */
export const isExpected = (version: string, expected: string | undefined): boolean =>
  expected === undefined || expected === '*' || expected === version;

/** Attributes that put an item on a list. */
export const listed = (list: string, order: string): Item => ({
  [TABLE.listIndex.pk]: list,
  [TABLE.listIndex.sk]: order,
});
