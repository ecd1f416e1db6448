import { type DynamoDBDocumentClient, QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';

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

/**
 * Runs a query until `limit` items have passed its filter, or to its end when there is no limit.
 * @throws CursorError when the cursor was not made here for this partition.
 */
export const queryPage = async (
  client: DynamoDBDocumentClient,
  query: QueryCommandInput,
  { limit, cursor }: { limit?: number; cursor?: string } = {},
): Promise<Page<Record<string, unknown>>> => {
  const items: Record<string, unknown>[] = [];
  let start: Record<string, unknown> | undefined = cursor === undefined ? undefined : decodeCursor(cursor);
  const partition = query.ExpressionAttributeValues?.[':pk'];
  if (start !== undefined && !Object.values(start).includes(partition)) {
    throw new CursorError('The cursor belongs to another list.');
  }
  do {
    const page = await client.send(
      new QueryCommand({
        ...query,
        ...(limit === undefined ? {} : { Limit: limit - items.length }),
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    );
    items.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
  } while (start !== undefined && (limit === undefined || items.length < limit));
  return { items, cursor: start === undefined ? null : encodeCursor(start) };
};
