import { DeleteCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { queryPage } from '../table/pages.ts';
import { succeeds, type Table } from '../table/table.ts';
import { getItem, type Item, isAbandoned, type Key, type Sources } from './items.ts';

/** One reference from a user (a rule, a template, a task) to what it uses. Each writing of a reference has its own `useId`. */
const useSchema = z.object({ userId: z.string(), useId: z.string(), begunAt: z.string() });
export type Use = Pick<z.infer<typeof useSchema>, 'userId' | 'useId'>;

export type Removal =
  | { readonly type: 'removed'; readonly item: Item }
  | { readonly type: 'missing' }
  /** Some of its users. */
  | { readonly type: 'in-use'; readonly usedBy: readonly string[] }
  /** Somebody changed it meanwhile, or it is not the version that was expected. */
  | { readonly type: 'changed' };

/** What came of keeping a target from being used. */
export type Hold =
  | { readonly type: 'held'; readonly item: Item; readonly deletionId: string }
  | Exclude<Removal, { readonly type: 'removed' }>;

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

  /** Users of a target, the first few or `most`; uses that nobody will ever complete are cleared away. */
  const usersOf = async (
    { pk }: Pick<Key, 'pk'>,
    holds: (use: Use) => Promise<boolean>,
    most = MOST_NAMED,
  ): Promise<string[]> => {
    const users: string[] = [];
    let cursor: string | null | undefined;
    while (cursor !== null && users.length < most) {
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

  /** The version stays: a removal that is refused changes nothing that anybody sees. */
  const markAsDeleting = async (
    { pk, sk }: Key,
    deletionId: string,
    expected: string | undefined,
  ): Promise<Item | undefined> => {
    const isAny = expected === undefined || expected === '*';
    let item: Item | undefined;
    await succeeds(
      client
        .send(
          new UpdateCommand({
            TableName: tableName,
            Key: { pk, sk },
            UpdateExpression: 'SET deletingAt = :now, deletionId = :mine',
            ConditionExpression: isAny ? 'attribute_exists(pk)' : 'writeId = :expected',
            ExpressionAttributeValues: {
              ':now': now().toISOString(),
              ':mine': deletionId,
              ...(isAny ? {} : { ':expected': expected }),
            },
            ReturnValues: 'ALL_NEW',
          }),
        )
        .then(({ Attributes }) => {
          item = Attributes;
        }),
    );
    return item;
  };

  // Whoever puts the item anew drops the mark, and with it the removal.
  const ifStillMine = (deletionId: string) => ({
    ConditionExpression: 'deletionId = :mine',
    ExpressionAttributeValues: { ':mine': deletionId },
  });

  /**
   * Keeps everybody from beginning to use a target, for as long as one write takes: until its `deletionId` is gone.
   * Refused when somebody uses it already. `holds` tells whether a user really has this very use; `expected` is the
   * version that is meant, `*` or undefined: whatever it is.
   */
  const holdUnused = async (
    { pk, sk }: Key,
    holds: (use: Use) => Promise<boolean>,
    expected?: string,
  ): Promise<Hold> => {
    const deletionId = id();
    const item = await markAsDeleting({ pk, sk }, deletionId, expected);
    if (item === undefined) {
      const isThere = (await getItem(table, { pk, sk })) !== undefined;
      return { type: isThere ? 'changed' : 'missing' };
    }
    const usedBy = await usersOf({ pk }, holds);
    if (usedBy.length === 0) return { type: 'held', item, deletionId };
    const write = { TableName: tableName, Key: { pk, sk }, ...ifStillMine(deletionId) };
    await succeeds(
      client.send(new UpdateCommand({ ...write, UpdateExpression: 'REMOVE deletingAt, deletionId' })),
    );
    return { type: 'in-use', usedBy };
  };

  /** Removes a target that nobody uses; `holds` and `expected` as for `holdUnused`. */
  const removeUnused = async (
    { pk, sk }: Key,
    holds: (use: Use) => Promise<boolean>,
    expected?: string,
  ): Promise<Removal> => {
    const held = await holdUnused({ pk, sk }, holds, expected);
    if (held.type !== 'held') return held;
    const { item, deletionId } = held;
    const write = { TableName: tableName, Key: { pk, sk }, ...ifStillMine(deletionId) };
    const removed = await succeeds(client.send(new DeleteCommand(write)));
    // A repeated delete fails its condition although the first one got through.
    if (removed || (await getItem(table, { pk, sk })) === undefined) return { type: 'removed', item };
    return { type: 'changed' };
  };

  return { add, release, usersOf, holdUnused, removeUnused };
};
export type References = ReturnType<typeof createReferences>;
