import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
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

  const isFree = async (held: z.infer<typeof claimSchema>, ownerId: string): Promise<boolean> =>
    held.ownerId === ownerId || (isAbandoned(held.begunAt, now()) && !(await holds(held)));

  /** False when somebody else has the name. */
  const claim = async (name: string, wanted: Claim): Promise<boolean> => {
    const mine = { ':mine': wanted.claimId };
    if (await put(name, wanted, 'attribute_not_exists(pk) OR claimId = :mine', mine)) return true;
    const item = await getItem({ client, tableName }, keyOf(kind, name));
    // It was released in this moment; whoever is told so now may as well have been a moment earlier.
    if (item === undefined) return false;
    const held = claimSchema.parse(item);
    if (!(await isFree(held, wanted.ownerId))) return false;
    return put(name, wanted, 'claimId = :held OR claimId = :mine', { ...mine, ':held': held.claimId });
  };

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

  return { claim, release };
};
export type Names = ReturnType<typeof createNames>;
