import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { succeeds, type Table } from '../table/table.ts';
import { getItem, type Key } from './items.ts';

const KEY: Key = { pk: 'SETTING#default-storage', sk: 'SETTING' };
/** Without a storage, none is the default: it was deleted, or somebody wanted none. */
const itemSchema = z.object({ storageId: z.string().optional() });

/**
 * Which storage is the default one. One item says so, and no storage of itself, so that there can never be two. It may
 * name a storage that is gone, which counts as none.
 */
export const createDefaultStorage = (table: Table) => {
  const { client, tableName } = table;

  const get = async (): Promise<string | undefined> =>
    itemSchema.parse((await getItem(table, KEY)) ?? {}).storageId;

  const set = async (storageId: string): Promise<void> => {
    await client.send(new PutCommand({ TableName: tableName, Item: { ...KEY, storageId } }));
  };

  /** Says it for the first time; does nothing when it has ever been said. */
  const begin = async (storageId: string | undefined): Promise<void> => {
    await succeeds(
      client.send(
        new PutCommand({
          TableName: tableName,
          Item: { ...KEY, ...(storageId === undefined ? {} : { storageId }) },
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      ),
    );
  };

  /** None is the default any more, if it was this one. */
  const clear = async (storageId: string): Promise<void> => {
    await succeeds(
      client.send(
        new UpdateCommand({
          TableName: tableName,
          Key: KEY,
          UpdateExpression: 'REMOVE storageId',
          ConditionExpression: 'storageId = :this',
          ExpressionAttributeValues: { ':this': storageId },
        }),
      ),
    );
  };

  /**
   * Does what was asked for a storage that was just written.
   * @returns whether it is the default now
   */
  const choose = async (
    storageId: string,
    wanted: boolean | undefined,
    { isNew }: { readonly isNew: boolean },
  ): Promise<boolean> => {
    if (wanted === true) await set(storageId);
    else if (isNew) await begin(wanted === undefined ? storageId : undefined);
    else if (wanted === false) await clear(storageId);
    return wanted ?? (await get()) === storageId;
  };

  return { get, clear, choose };
};
