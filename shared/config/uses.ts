import { z } from 'zod';
import type { Table } from '../table/table.ts';
import { getItem, type Key } from './items.ts';
import { ruleKey, templateKey } from './keys.ts';
import type { Use } from './references.ts';

const holds = async (table: Table, user: Key, attribute: string, { useId }: Use): Promise<boolean> => {
  const item = await getItem(table, user);
  return item !== undefined && z.string().parse(item[attribute]) === useId;
};

/** Whether a rule has this use of its domain or of its template. */
export const ruleUses = (table: Table, use: Use, attribute: 'domainUse' | 'templateUse'): Promise<boolean> =>
  holds(table, ruleKey(use.userId), attribute, use);

/** Whether a template has this use of its storage. */
export const templateUses = (table: Table, use: Use): Promise<boolean> =>
  holds(table, templateKey(use.userId), 'storageUse', use);
