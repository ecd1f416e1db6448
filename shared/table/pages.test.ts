import type { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { TABLE } from '../constants.ts';
import { MOST_LOOKED_AT, queryPage } from './pages.ts';

interface Item {
  readonly pk: string;
  readonly sk: string;
  readonly listPk: string;
  readonly listSk: string;
  readonly wanted: boolean;
}

const itemsWith = (count: number, wanted: (index: number) => boolean): Item[] =>
  Array.from({ length: count }, (_, index) => {
    const id = String(index).padStart(5, '0');
    return { pk: id, sk: 'X', listPk: 'LIST', listSk: id, wanted: wanted(index) };
  });

const keyOf = ({ wanted: _, ...key }: Item) => key;

/** A list as DynamoDB answers: `Limit` counts what is looked at, and the filter comes after it. */
const listOf = (items: readonly Item[]) => {
  let lookedAt = 0;
  const send = async ({ input }: QueryCommand) => {
    const after = input.ExclusiveStartKey?.listSk ?? '';
    const following = items.filter(({ listSk }) => listSk > after);
    const seen = following.slice(0, input.Limit);
    lookedAt += seen.length;
    const last = seen.at(-1);
    return {
      Items: input.FilterExpression === undefined ? seen : seen.filter(({ wanted }) => wanted),
      ScannedCount: seen.length,
      ...(last === undefined || seen.length < (input.Limit ?? Number.POSITIVE_INFINITY)
        ? {}
        : { LastEvaluatedKey: keyOf(last) }),
    };
  };
  const page = async (limit: number, filtered: boolean, cursor?: string | null) => {
    lookedAt = 0;
    const query = {
      TableName: 'table',
      IndexName: TABLE.listIndex.name,
      ExpressionAttributeValues: { ':pk': 'LIST' },
      ...(filtered ? { FilterExpression: 'wanted = :true' } : {}),
    };
    const options = { limit, ...(cursor == null ? {} : { cursor }) };
    const found = await queryPage({ send } as unknown as DynamoDBDocumentClient, query, options);
    return { ids: found.items.map(({ pk }) => pk), cursor: found.cursor, lookedAt };
  };
  /** Every page, one behind the other. */
  const all = async (limit: number, filtered: boolean) => {
    const pages: { ids: unknown[]; lookedAt: number }[] = [];
    let cursor: string | null = null;
    do {
      const { cursor: next, ...found } = await page(limit, filtered, cursor);
      pages.push(found);
      cursor = next;
    } while (cursor !== null);
    return pages;
  };
  return { page, all };
};

describe('A page of a list', () => {
  it.each([1, 3, 250, 251, 700])('of %d items loses and doubles nothing', async (limit) => {
    const items = itemsWith(1234, (index) => index % 3 === 0);
    for (const filtered of [true, false]) {
      const pages = await listOf(items).all(limit, filtered);
      const expected = items.filter(({ wanted }) => wanted || !filtered).map(({ pk }) => pk);
      expect(pages.flatMap(({ ids }) => ids)).toEqual(expected);
      for (const { ids } of pages) expect(ids.length).toBeLessThanOrEqual(limit);
    }
  });

  it('looks at a bounded number of items when few pass its filter, and says where to go on', async () => {
    const pages = await listOf(itemsWith(3500, (index) => index === 3400)).all(10, true);
    expect(pages.map(({ ids }) => ids.length)).toEqual([0, 0, 0, 1]);
    for (const { lookedAt } of pages) expect(lookedAt).toBeLessThanOrEqual(MOST_LOOKED_AT);
  });

  it('without a filter looks at what it gives and at no more', async () => {
    const { ids, lookedAt } = await listOf(itemsWith(5000, () => true)).page(3000, false);
    expect([ids.length, lookedAt]).toEqual([3000, 3000]);
  });
});
