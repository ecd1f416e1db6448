import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { getItem } from '../config/items.ts';
import { succeeds, type Table } from '../table/table.ts';
import { newSecret } from './secrets.ts';

const KEY = { pk: 'SIGNING-KEY#urls', sk: 'SIGNING-KEY' };
const itemSchema = z.object({ signingKey: z.string().min(32) });

/** The key that our own links are signed with, made by whoever needs it first. */
export const readSigningKey = async (table: Table): Promise<string> => {
  const item = await getItem(table, KEY);
  if (item !== undefined) return itemSchema.parse(item).signingKey;
  await succeeds(
    table.client.send(
      new PutCommand({
        TableName: table.tableName,
        Item: { ...KEY, signingKey: newSecret() },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    ),
  );
  // Another function may have been faster: what is stored counts.
  return itemSchema.parse(await getItem(table, KEY)).signingKey;
};
