import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import { TABLE } from '../constants.ts';
import type { Table } from './table.ts';

/** DynamoDB's own limit. */
const MOST_KEYS = 100;
// DynamoDB gives back what it had no capacity for; it has, a moment later.
const MOST_TRIES = 8;

type Key = Record<string, string>;
type Item = Record<string, unknown>;

const pause = (tries: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.min(1000, 10 * 2 ** tries)));

/**
 * Reads the items of these keys, in no order; those that are not there are left out. Eventually consistent, unless
 * asked otherwise.
 * @throws Error when the table keeps leaving some unread
 */
export const batchGet = async (
  { client, tableName }: Table,
  keys: readonly Key[],
  { consistent = false } = {},
): Promise<Item[]> => {
  // One key twice in a request is an error.
  let waiting = [...new Map(keys.map((key) => [`${key[TABLE.pk]} ${key[TABLE.sk]}`, key])).values()];
  const found: Item[] = [];
  for (let tries = 0; waiting.length > 0; ) {
    const { Responses = {}, UnprocessedKeys = {} } = await client.send(
      new BatchGetCommand({
        RequestItems: { [tableName]: { Keys: waiting.slice(0, MOST_KEYS), ConsistentRead: consistent } },
      }),
    );
    const unread = (UnprocessedKeys[tableName]?.Keys ?? []) as Key[];
    found.push(...(Responses[tableName] ?? []));
    waiting = [...waiting.slice(MOST_KEYS), ...unread];
    if (unread.length === 0) continue;
    if (tries === MOST_TRIES) throw new Error(`The table left ${waiting.length} items unread`);
    await pause(tries);
    tries += 1;
  }
  return found;
};
