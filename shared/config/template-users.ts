import { type Template, templateSchema } from '../schemas/template.ts';
import type { Table } from '../table/table.ts';
import { getItems, type Key } from './items.ts';
import { templateKey } from './keys.ts';
import type { References } from './references.ts';
import { templateUses } from './uses.ts';

/** Templates that refer to something. */
export const createTemplateUsers = (table: Table, references: References) => {
  /** Ids of the first few. */
  const idsOf = async (target: Key): Promise<string[]> => [
    ...new Set(await references.usersOf(target, (use) => templateUses(table, use))),
  ];

  /** Every one, as it is now. */
  const allOf = async (target: Key): Promise<Template[]> => {
    const ids = await references.usersOf(target, (use) => templateUses(table, use), Number.POSITIVE_INFINITY);
    const items = await getItems(table, [...new Set(ids)].map(templateKey));
    return [...items.values()].map((item) => templateSchema.strip().parse(item));
  };

  return { idsOf, allOf };
};
