import * as z from 'zod';
import type { Table } from '../table/table.ts';
import { getItem, type Item, type Key } from './items.ts';
import { domainKey, orchestrationKey, ruleKey, storageKey, taskKey, templateKey } from './keys.ts';
import type { References, Use } from './references.ts';

/** What a rule or a template refers to: the id of its use of each target, by the target's partition key. */
const usesSchema = z.record(z.string(), z.string());
export type Uses = Readonly<z.infer<typeof usesSchema>>;

/** Rules and templates as the first version wrote them, and as they stay until they are changed. */
const formerSchema = z.union([
  z
    .object({ domain: z.string(), domainUse: z.string(), templateId: z.string(), templateUse: z.string() })
    .transform(({ domain, domainUse, templateId, templateUse }) => ({
      [domainKey(domain).pk]: domainUse,
      [templateKey(templateId).pk]: templateUse,
    })),
  z
    .object({ storage: z.object({ primary: z.string() }), storageUse: z.string() })
    .transform(({ storage, storageUse }) => ({ [storageKey(storage.primary).pk]: storageUse })),
]);

/** The uses that the item of a rule or a template has. */
export const usesOf = (item: Item): Uses =>
  item.uses === undefined ? formerSchema.parse(item) : usesSchema.parse(item.uses);

const hasUse = (item: Item | undefined, { useId }: Use): boolean =>
  item !== undefined && Object.values(usesOf(item)).includes(useId);

/** The uses that the item of a domain has; those that name no standby content have none. */
export const domainUsesOf = (item: Item): Uses =>
  item.uses === undefined ? {} : usesSchema.parse(item.uses);

/** Whether a domain has this use of standby content. */
export const domainUses = async (table: Table, { userId, useId }: Use): Promise<boolean> => {
  const item = await getItem(table, domainKey(userId));
  return item !== undefined && Object.values(domainUsesOf(item)).includes(useId);
};

/** Whether a rule has this use of its domain or of its template. */
export const ruleUses = async (table: Table, use: Use): Promise<boolean> =>
  hasUse(await getItem(table, ruleKey(use.userId)), use);

/** Whether a template has this use of a storage or of anything else that it refers to. */
export const templateUses = async (table: Table, use: Use): Promise<boolean> =>
  hasUse(await getItem(table, templateKey(use.userId)), use);

/** Whether a template or an orchestration has this use of a storage. */
export const storageUses = async (table: Table, use: Use): Promise<boolean> =>
  use.userId.startsWith('orc_')
    ? hasUse(await getItem(table, orchestrationKey(use.userId)), use)
    : templateUses(table, use);

/** Whether a task that is not over has this use of its template, as its attribute `templateUse`. */
export const taskUses = async (table: Table, use: Use): Promise<boolean> =>
  (await getItem(table, taskKey(use.userId)))?.templateUse === use.useId;

/** Takes and gives back all that a user refers to. */
export const createUses = (references: References, newId: () => string) => {
  /** Gives back what `uses` has and `kept` does not. */
  const release = async (userId: string, uses: Uses, kept: Uses = {}): Promise<void> => {
    const given = Object.entries(uses).filter(([pk, useId]) => kept[pk] !== useId);
    await Promise.all(given.map(([pk, useId]) => references.release({ pk }, { userId, useId })));
  };

  /**
   * Must come before the user itself is written. What the user has `before` stays; when a target is missing, nothing
   * is taken.
   */
  const take = async (
    userId: string,
    targets: readonly Key[],
    before: Uses = {},
  ): Promise<{ readonly uses: Uses; readonly missing: readonly Key[] }> => {
    const distinct = [...new Map(targets.map((target) => [target.pk, target])).values()];
    const taken = await Promise.all(
      distinct.map(async (target) => {
        const useId = before[target.pk] ?? newId();
        const isThere = target.pk in before || (await references.add(target, { userId, useId }));
        return { target, useId, isThere };
      }),
    );
    const held = taken.filter(({ isThere }) => isThere);
    const uses = Object.fromEntries(held.map(({ target, useId }) => [target.pk, useId]));
    const missing = taken.filter(({ isThere }) => !isThere).map(({ target }) => target);
    if (missing.length === 0) return { uses, missing };
    await release(userId, uses, before);
    return { uses: before, missing };
  };

  return { take, release };
};
