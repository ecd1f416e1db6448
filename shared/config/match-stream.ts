import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import type { Domain } from '../schemas/domain.ts';
import type { StreamKey } from '../schemas/names.ts';
import type { Rule } from '../schemas/rule.ts';
import type { Table } from '../table/table.ts';
import { domainItemSchema } from './domains.ts';
import { domainKey, ruleKey } from './keys.ts';
import { candidateRuleIds } from './rule-id.ts';
import { ruleItemSchema } from './rules.ts';

export interface Match {
  /** Undefined: nobody has configured the domain. */
  readonly domain: Domain | undefined;
  /** The most specific one; undefined: the stream is not to be recorded. */
  readonly rule: Rule | undefined;
}

/**
 * What is configured for a stream, in one read.
 * @throws Error when the table is throttled; reading again later helps
 */
export const matchStream = async ({ client, tableName }: Table, key: StreamKey): Promise<Match> => {
  const ruleIds = candidateRuleIds(key);
  const Keys = [domainKey(key.domain), ...ruleIds.map(ruleKey)];
  const { Responses = {}, UnprocessedKeys = {} } = await client.send(
    new BatchGetCommand({ RequestItems: { [tableName]: { Keys, ConsistentRead: true } } }),
  );
  if (Object.keys(UnprocessedKeys).length > 0)
    throw new Error('The table is throttled: not all rules were read');
  const items = new Map((Responses[tableName] ?? []).map((item) => [item.pk, item]));
  const domain = items.get(domainKey(key.domain).pk);
  const rule = ruleIds.map((ruleId) => items.get(ruleKey(ruleId).pk)).find((item) => item !== undefined);
  return {
    domain: domain === undefined ? undefined : domainItemSchema.parse(domain),
    rule: rule === undefined ? undefined : ruleItemSchema.parse(rule),
  };
};
