import { type DynamoDBDocumentClient, QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { TABLE } from '../constants.ts';

export interface Page<Item> {
  readonly items: Item[];
  /** Where the next page begins; null on the last one. Opaque to callers. */
  readonly cursor: string | null;
}

/** The caller's cursor is not one that we gave out. */
export class CursorError extends Error {
  override readonly name = 'CursorError';
}

// A key of the table and of one index: strings only. Anything else cannot be ours.
const startKeySchema = z
  .record(z.string().max(64), z.string().max(2048))
  .refine((key) => 'pk' in key && 'sk' in key);

const encodeCursor = (key: Record<string, unknown>): string =>
  Buffer.from(JSON.stringify(key)).toString('base64url');

const decodeCursor = (cursor: string): Record<string, string> => {
  try {
    return startKeySchema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch (cause) {
    throw new CursorError('The cursor is not valid.', { cause });
  }
};

/** Items that a page with a filter looks at: at once, and in all. A filter that few pass must not read a whole list. */
const LOOKED_AT_ONCE = 250;
export const MOST_LOOKED_AT = 1000;

const INDEXES = [TABLE.listIndex, TABLE.workIndex, TABLE.streamIndex];

/** The key that a page which ends with `item` goes on after. */
const keyIn = (item: Record<string, unknown>, indexName: string | undefined): Record<string, unknown> => {
  const index = INDEXES.find(({ name }) => name === indexName);
  const names = [TABLE.pk, TABLE.sk, ...(index === undefined ? [] : [index.pk, index.sk])];
  return Object.fromEntries(names.map((name) => [name, item[name]]));
};

/**
 * Runs a query until `limit` items have passed its filter, or `MOST_LOOKED_AT` were looked at: then the page has fewer
 * items than asked for, perhaps none, and a cursor all the same. Without a limit it runs to its end.
 * @throws CursorError when the cursor was not made here for this partition.
 */
export const queryPage = async (
  client: DynamoDBDocumentClient,
  query: QueryCommandInput,
  { limit, cursor }: { limit?: number; cursor?: string } = {},
): Promise<Page<Record<string, unknown>>> => {
  const items: Record<string, unknown>[] = [];
  let lookedAt = 0;
  let start: Record<string, unknown> | undefined = cursor === undefined ? undefined : decodeCursor(cursor);
  const partition = query.ExpressionAttributeValues?.[':pk'];
  if (start !== undefined && !Object.values(start).includes(partition)) {
    throw new CursorError('The cursor belongs to another list.');
  }
  const isFiltered = query.FilterExpression !== undefined;
  const isFull = (): boolean =>
    limit !== undefined && (items.length >= limit || (isFiltered && lookedAt >= MOST_LOOKED_AT));
  do {
    const page = await client.send(
      new QueryCommand({
        ...query,
        ...(limit === undefined ? {} : { Limit: isFiltered ? LOOKED_AT_ONCE : limit - items.length }),
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    );
    items.push(...(page.Items ?? []));
    lookedAt += page.ScannedCount ?? 0;
    start = page.LastEvaluatedKey;
  } while (start !== undefined && !isFull());
  const last = limit === undefined ? undefined : items[limit - 1];
  if (limit !== undefined && last !== undefined && items.length > limit) {
    items.length = limit;
    start = keyIn(last, query.IndexName);
  }
  return { items, cursor: start === undefined ? null : encodeCursor(start) };
};
