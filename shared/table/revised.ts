import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { succeeds, type Table } from './table.ts';

/** Things that are written as a whole, each time with the next revision, and only over the one that was seen. */
export const createRevised = <Thing extends { readonly revision: number }>(
  { client, tableName }: Table,
  itemOf: (thing: Thing) => Record<string, unknown>,
) => {
  const put = (thing: Thing, condition: string, values?: Record<string, number>): Promise<boolean> =>
    succeeds(
      client.send(
        new PutCommand({
          TableName: tableName,
          Item: itemOf(thing),
          ConditionExpression: condition,
          ...(values === undefined ? {} : { ExpressionAttributeValues: values }),
        }),
      ),
    );

  /** False when there is one with this id already. */
  const create = (thing: Thing): Promise<boolean> => put(thing, 'attribute_not_exists(pk)');

  /** Writes a decided next state; false when somebody else was faster, or it is gone. */
  const replace = (next: Thing): Promise<boolean> =>
    put(next, 'revision = :seen', { ':seen': next.revision - 1 });

  return { create, replace };
};
