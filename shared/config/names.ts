import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { succeeds, type Table } from '../table/table.ts';
import { getItem, isAbandoned, type Key, type Sources } from './items.ts';

/** Who has a name. `claimId` is kept by the owner too: only together do they count. */
const claimSchema = z.object({ ownerId: z.string(), claimId: z.string(), begunAt: z.string() });
export type Claim = Pick<z.infer<typeof claimSchema>, 'ownerId' | 'claimId'>;

const keyOf = (kind: string, name: string): Key => ({ pk: `NAME#${kind}#${name}`, sk: 'NAME' });

/**
 * Unique names of one kind of thing. A name is claimed before its owner is written and released after the owner has
 * another name or is gone; a claim that a crash left without owner is taken over by the next who wants the name.
 * `holds` tells whether the owner exists and has this very claim.
 */
export const createNames = (
  { client, tableName }: Table,
  { now }: Sources,
  kind: string,
  holds: (claim: Claim) => Promise<boolean>,
) => {
  const put = (
    name: string,
    claim: Claim,
    condition: string,
    values: Record<string, string>,
  ): Promise<boolean> =>
    succeeds(
      client.send(
        new PutCommand({
          TableName: tableName,
          Item: { ...keyOf(kind, name), ...claim, begunAt: now().toISOString() },
          ConditionExpression: condition,
          ExpressionAttributeValues: values,
        }),
      ),
    );

  const find = async (name: string): Promise<z.infer<typeof claimSchema> | undefined> => {
    const item = await getItem({ client, tableName }, keyOf(kind, name));
    return item === undefined ? undefined : claimSchema.parse(item);
  };

  /**
   * False when the name is claimed. The owner's own claim counts too: of two changes of one owner at the same time, one
   * would take the name from under the other, and give it back when it fails.
   */
  const claim = async (name: string, wanted: Claim): Promise<boolean> => {
    const mine = { ':mine': wanted.claimId };
    if (await put(name, wanted, 'attribute_not_exists(pk) OR claimId = :mine', mine)) return true;
    const held = await find(name);
    // It was released in this moment; whoever is told so now may as well have been a moment earlier.
    if (held === undefined) return false;
    if (!isAbandoned(held.begunAt, now()) || (await holds(held))) return false;
    return put(name, wanted, 'claimId = :held OR claimId = :mine', { ...mine, ':held': held.claimId });
  };

  /** Whether this owner has claimed the name, in whatever change. */
  const isClaimedBy = async (name: string, ownerId: string): Promise<boolean> =>
    (await find(name))?.ownerId === ownerId;

  /** Gives a name back; does nothing when the claim has been taken over since. */
  const release = async (name: string, { claimId }: Claim): Promise<void> => {
    await succeeds(
      client.send(
        new DeleteCommand({
          TableName: tableName,
          Key: keyOf(kind, name),
          ConditionExpression: 'claimId = :mine',
          ExpressionAttributeValues: { ':mine': claimId },
        }),
      ),
    );
  };

  return { claim, isClaimedBy, release };
};
export type Names = ReturnType<typeof createNames>;
