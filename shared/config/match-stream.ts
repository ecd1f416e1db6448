import type { Domain } from '../schemas/domain.ts';
import type { StreamKey } from '../schemas/names.ts';
import type { Rule } from '../schemas/rule.ts';
import type { Table } from '../table/table.ts';
import { domainItemSchema } from './domains.ts';
import { getItems } from './items.ts';
import { domainKey, ruleKey } from './keys.ts';
import { candidateRuleIds } from './rule-id.ts';
import { ruleItemSchema } from './rule-item.ts';

export interface Match {
  /** Undefined: nobody has configured the domain. */
  readonly domain: Domain | undefined;
  /** The most specific one; undefined: the stream is not to be recorded. */
  readonly rule: Rule | undefined;
}

/**
 * What is configured for a stream: one request for four items, however many rules there are.
 */
export const matchStream = async (table: Table, key: StreamKey): Promise<Match> => {
  const rules = candidateRuleIds(key).map(ruleKey);
  const items = await getItems(table, [domainKey(key.domain), ...rules]);
  const domain = items.get(domainKey(key.domain).pk);
  const rule = rules.map(({ pk }) => items.get(pk)).find((item) => item !== undefined);
  return {
    domain: domain === undefined ? undefined : domainItemSchema.parse(domain),
    rule: rule === undefined ? undefined : ruleItemSchema.parse(rule),
  };
};
