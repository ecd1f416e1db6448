import * as z from 'zod';
import type { Table } from '../table/table.ts';
import { getItem, type Item, type Key, type Sources, versionOf } from './items.ts';
import { createNames } from './names.ts';
import type { References } from './references.ts';
import { createUses, type Uses, usesOf } from './uses.ts';

/** Which claim of its name and which uses are a thing's own, and its version: the lock for its next change. */
export interface Held {
  readonly nameClaim: string;
  readonly uses: Uses;
  readonly writeId: string;
}

export const heldBy = (item: Item): Held => ({
  nameClaim: z.string().parse(item.nameClaim),
  uses: usesOf(item),
  writeId: versionOf(item),
});

/** A thing, or what is to become one, with what it holds. */
type Holder = Omit<Held, 'writeId'> & { readonly name: string };

export type Taking =
  | { readonly type: 'taken'; readonly held: Held; readonly missing: readonly Key[] }
  | { readonly type: 'name-taken' };

/** Takes and gives back what things of one kind hold: each a name of its own, and uses of what it refers to. */
export const createHoldings = (
  table: Table,
  sources: Sources,
  references: References,
  { kind, keyOf }: { kind: string; keyOf(id: string): Key },
) => {
  const uses = createUses(references, sources.id);
  const names = createNames(table, sources, kind, async ({ ownerId, claimId }) => {
    const item = await getItem(table, keyOf(ownerId));
    return item !== undefined && heldBy(item).nameClaim === claimId;
  });

  /** Gives back the name and the uses that `holder` has and `kept` does not. */
  const giveBack = async (id: string, holder: Holder, kept?: Omit<Held, 'writeId'>): Promise<void> => {
    const { name, nameClaim } = holder;
    if (nameClaim !== kept?.nameClaim) await names.release(name, { ownerId: id, claimId: nameClaim });
    await uses.release(id, holder.uses, kept?.uses);
  };

  /** Must come before the thing itself is written. What it has `before` it keeps; it has none of what is missing. */
  const take = async (
    id: string,
    { name, targets }: { name: string; targets: readonly Key[] },
    before?: Holder,
  ): Promise<Taking> => {
    const nameClaim = before?.name === name ? before.nameClaim : sources.id();
    if (nameClaim !== before?.nameClaim) {
      if (!(await names.claim(name, { ownerId: id, claimId: nameClaim }))) return { type: 'name-taken' };
    }
    const taken = await uses.take(id, targets, before?.uses);
    const held = { nameClaim, uses: taken.uses, writeId: sources.id() };
    return { type: 'taken', held, missing: taken.missing };
  };

  return { take, giveBack, isNameOf: names.isClaimedBy };
};
