import { DeleteCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { queryPage } from '../table/pages.ts';
import { succeeds, type Table } from '../table/table.ts';
import { getItem, type Item, isAbandoned, type Key, type Sources } from './items.ts';

/** One reference from a user (a rule, a template) to what it uses. Each writing of a reference has its own `useId`. */
const useSchema = z.object({ userId: z.string(), useId: z.string(), begunAt: z.string() });
export type Use = Pick<z.infer<typeof useSchema>, 'userId' | 'useId'>;

export type Removal =
  | { readonly type: 'removed'; readonly item: Item }
  | { readonly type: 'missing' }
  /** Some of its users. */
  | { readonly type: 'in-use'; readonly usedBy: readonly string[] }
  | { readonly type: 'changed' };

/** Users that a refused removal names. */
const MOST_NAMED = 20;

const deletionSchema = z.object({ deletingAt: z.string().optional() });

const useKey = ({ pk }: Pick<Key, 'pk'>, { userId, useId }: Use): Key => ({
  pk,
  sk: `USE#${userId}#${useId}`,
});

/**
 * Keeps what is used from being removed, without transactions: a user first leaves a use beside its target and then
 * looks whether the target is being removed; a removal first marks the target and then looks for uses. So at least one
 * of the two sees the other. Every step may be repeated, and what a crash leaves behind is cleared by the next removal.
 */
export const createReferences = (table: Table, { now, id }: Sources) => {
  const { client, tableName } = table;

  const release = async (target: Pick<Key, 'pk'>, use: Use): Promise<void> => {
    await client.send(new DeleteCommand({ TableName: tableName, Key: useKey(target, use) }));
  };

  /** Must come before the user itself is written. False when there is no such target, or it is being removed. */
  const add = async (target: Key, use: Use): Promise<boolean> => {
    const Item = { ...useKey(target, use), ...use, begunAt: now().toISOString() };
    await client.send(new PutCommand({ TableName: tableName, Item }));
    const item = await getItem(table, target);
    const { deletingAt } = deletionSchema.parse(item ?? {});
    if (item !== undefined && (deletingAt === undefined || isAbandoned(deletingAt, now()))) return true;
    await release(target, use);
    return false;
  };

  /** Users of a target, the first few; uses that nobody will ever complete are cleared away. */
  const usersOf = async (
    { pk }: Pick<Key, 'pk'>,
    holds: (use: Use) => Promise<boolean>,
  ): Promise<string[]> => {
    const users: string[] = [];
    let cursor: string | null | undefined;
    while (cursor !== null && users.length < MOST_NAMED) {
      const page = await queryPage(
        client,
        {
          TableName: tableName,
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :use)',
          ExpressionAttributeValues: { ':pk': pk, ':use': 'USE#' },
          ConsistentRead: true,
        },
        { limit: MOST_NAMED, ...(cursor === undefined ? {} : { cursor }) },
      );
      for (const use of page.items.map((item) => useSchema.parse(item))) {
        if (!isAbandoned(use.begunAt, now()) || (await holds(use))) users.push(use.userId);
        else await release({ pk }, use);
      }
      cursor = page.cursor;
    }
    return users;
  };

  const markAsDeleting = async ({ pk, sk }: Key, writeId: string): Promise<Item | undefined> => {
    let item: Item | undefined;
    await succeeds(
      client
        .send(
          new UpdateCommand({
            TableName: tableName,
            Key: { pk, sk },
            UpdateExpression: 'SET deletingAt = :now, writeId = :mine',
            ConditionExpression: 'attribute_exists(pk)',
            ExpressionAttributeValues: { ':now': now().toISOString(), ':mine': writeId },
            ReturnValues: 'ALL_NEW',
          }),
        )
        .then(({ Attributes }) => {
          item = Attributes;
        }),
    );
    return item;
  };

  const ifStillMine = (writeId: string) => ({
    ConditionExpression: 'writeId = :mine',
    ExpressionAttributeValues: { ':mine': writeId },
  });

  /** Removes a target that nobody uses. `holds` tells whether a user really has this very use. */
  const removeUnused = async ({ pk, sk }: Key, holds: (use: Use) => Promise<boolean>): Promise<Removal> => {
    const writeId = id();
    const item = await markAsDeleting({ pk, sk }, writeId);
    if (item === undefined) return { type: 'missing' };
    const usedBy = await usersOf({ pk }, holds);
    const write = { TableName: tableName, Key: { pk, sk }, ...ifStillMine(writeId) };
    if (usedBy.length > 0) {
      // When it is not ours any more, whoever wrote it since has removed our mark.
      await succeeds(client.send(new UpdateCommand({ ...write, UpdateExpression: 'REMOVE deletingAt' })));
      return { type: 'in-use', usedBy };
    }
    const removed = await succeeds(client.send(new DeleteCommand(write)));
    // A repeated delete fails its condition although the first one got through.
    if (removed || (await getItem(table, { pk, sk })) === undefined) return { type: 'removed', item };
    return { type: 'changed' };
  };

  return { add, release, removeUnused };
};
export type References = ReturnType<typeof createReferences>;
