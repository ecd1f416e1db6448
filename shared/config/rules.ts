import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { type Rule, type RuleInput, ruleSchema } from '../schemas/rule.ts';
import type { Page } from '../table/pages.ts';
import { succeeds, type Table } from '../table/table.ts';
import { getItem, IS_NEW_OR_MINE, listed, type Sources, systemSources } from './items.ts';
import { domainKey, ruleKey, templateKey } from './keys.ts';
import { listPage, type PageRequest } from './lists.ts';
import { createReferences } from './references.ts';
import { ruleIdOf } from './rule-id.ts';

const LIST = 'RULES';
/** As it is stored, with the item's own attributes left out. */
export const ruleItemSchema = z.object(ruleSchema.shape);
const heldSchema = z.object({ domainUse: z.string(), templateUse: z.string(), writeId: z.string() });
type Uses = Pick<z.infer<typeof heldSchema>, 'domainUse' | 'templateUse'>;

export type RuleCreation =
  | { type: 'created'; rule: Rule }
  | { type: 'exists'; ruleId: string }
  | { type: 'domain-missing' }
  | { type: 'template-missing' };

export interface RuleFilter {
  readonly domain?: string | undefined;
  readonly templateId?: string | undefined;
}

export const createRules = (table: Table, sources: Sources = systemSources) => {
  const { client, tableName } = table;
  const references = createReferences(table, sources);

  const get = async (ruleId: string): Promise<Rule | undefined> => {
    const item = await getItem(table, ruleKey(ruleId));
    return item === undefined ? undefined : ruleItemSchema.parse(item);
  };

  /** By domain. */
  const list = ({ domain, templateId }: RuleFilter, page: PageRequest): Promise<Page<Rule>> => {
    const prefix = domain === undefined ? undefined : `${domain}#`;
    return listPage(table, { list: LIST, schema: ruleItemSchema, prefix, equal: { templateId } }, page);
  };

  const releaseUses = async (
    { ruleId, domain, templateId }: Rule,
    { domainUse, templateUse }: Uses,
  ): Promise<void> => {
    await references.release(domainKey(domain), { userId: ruleId, useId: domainUse });
    await references.release(templateKey(templateId), { userId: ruleId, useId: templateUse });
  };

  /** There is one rule for each exact match; its domain and its template must be there. */
  const create = async (input: RuleInput): Promise<RuleCreation> => {
    const ruleId = ruleIdOf(input);
    const rule = { ...input, ruleId, createdAt: sources.now().toISOString() };
    const writeId = sources.id();
    const uses = { domainUse: writeId, templateUse: writeId };
    const use = { userId: ruleId, useId: writeId };
    if (!(await references.add(domainKey(input.domain), use))) return { type: 'domain-missing' };
    if (!(await references.add(templateKey(input.templateId), use))) {
      await references.release(domainKey(input.domain), use);
      return { type: 'template-missing' };
    }
    const isCreated = await succeeds(
      client.send(
        new PutCommand({
          TableName: tableName,
          // App and stream may be longer than a sort key, so the order within a domain is that of the ids.
          Item: {
            ...ruleKey(ruleId),
            ...rule,
            ...uses,
            ...listed(LIST, `${input.domain}#${ruleId}`),
            writeId,
          },
          ConditionExpression: IS_NEW_OR_MINE,
          ExpressionAttributeValues: { ':mine': writeId },
        }),
      ),
    );
    if (isCreated) return { type: 'created', rule };
    await releaseUses(rule, uses);
    return { type: 'exists', ruleId };
  };

  /** Running recordings go on. False when there is no such rule. */
  const remove = async (ruleId: string): Promise<boolean> => {
    const item = await getItem(table, ruleKey(ruleId));
    if (item === undefined) return false;
    const held = heldSchema.parse(item);
    await succeeds(
      client.send(
        new DeleteCommand({
          TableName: tableName,
          Key: ruleKey(ruleId),
          ConditionExpression: 'writeId = :seen',
          ExpressionAttributeValues: { ':seen': held.writeId },
        }),
      ),
    );
    // Whoever deleted it, the rule that was read is gone, and its uses with it.
    await releaseUses(ruleItemSchema.parse(item), held);
    return true;
  };

  return { get, list, create, remove };
};
export type Rules = ReturnType<typeof createRules>;
