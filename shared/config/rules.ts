import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { TABLE } from '../constants.ts';
import type { Rule, RuleInput } from '../schemas/rule.ts';
import type { Page } from '../table/pages.ts';
import { succeeds, type Table } from '../table/table.ts';
import {
  getItem,
  IS_AS_SEEN_OR_MINE,
  IS_NEW_OR_MINE,
  isExpected,
  type Sources,
  systemSources,
  versionOf,
} from './items.ts';
import { domainKey, ruleKey, templateKey } from './keys.ts';
import { listPage, type PageRequest } from './lists.ts';
import { createReferences } from './references.ts';
import { type RuleTarget, ruleIdOf } from './rule-id.ts';
import {
  RULE_LIST,
  type RuleHeld,
  ruleHeld,
  ruleItem,
  ruleItemSchema,
  ruleOrder,
  templateRuleList,
} from './rule-item.ts';
import { createUses } from './uses.ts';

export interface VersionedRule {
  readonly rule: Rule;
  readonly version: string;
}

/** The fields of a rule that name something which is not there. */
export interface RuleMissing {
  readonly type: 'references-missing';
  readonly fields: readonly ('domain' | 'templateId')[];
}
export type RuleCreation =
  | ({ type: 'created' } & VersionedRule)
  | { type: 'exists'; ruleId: string }
  | RuleMissing;
/** `changed`: somebody changed it meanwhile, or it is not the version that was expected. */
export type RuleChange =
  | ({ type: 'replaced' } & VersionedRule)
  | { type: 'missing' }
  | { type: 'changed' }
  | RuleMissing;
export type RuleRemoval = { type: 'removed' } | { type: 'missing' } | { type: 'changed' };

export interface RuleFilter {
  /** The rules of a domain, of one of its apps, or of one stream. */
  readonly target?: RuleTarget | undefined;
  readonly templateId?: string | undefined;
}

export const createRules = (table: Table, sources: Sources = systemSources) => {
  const { client, tableName } = table;
  const uses = createUses(createReferences(table, sources), sources.id);

  /** With the version that its next change must name. */
  const getVersioned = async (ruleId: string): Promise<VersionedRule | undefined> => {
    const item = await getItem(table, ruleKey(ruleId));
    return item === undefined ? undefined : { rule: ruleItemSchema.parse(item), version: versionOf(item) };
  };

  /** By domain, app and stream. Reads the rules that it answers with, and no others. */
  const list = ({ target, templateId }: RuleFilter, page: PageRequest): Promise<Page<Rule>> =>
    listPage(
      table,
      {
        ...(templateId === undefined
          ? { list: RULE_LIST }
          : { index: TABLE.streamIndex, list: templateRuleList(templateId) }),
        schema: ruleItemSchema,
        prefix: target === undefined ? undefined : ruleOrder(target),
      },
      page,
    );

  const take = async (rule: Rule, before?: RuleHeld): Promise<RuleHeld | RuleMissing> => {
    const targets = { domain: domainKey(rule.domain), templateId: templateKey(rule.templateId) };
    const taken = await uses.take(rule.ruleId, Object.values(targets), before?.uses);
    if (taken.missing.length === 0) return { uses: taken.uses, writeId: sources.id() };
    const isMissing = (field: keyof typeof targets) =>
      taken.missing.some(({ pk }) => pk === targets[field].pk);
    return {
      type: 'references-missing',
      fields: (['domain', 'templateId'] as const).filter(isMissing),
    };
  };

  const put = (
    rule: Rule,
    held: RuleHeld,
    condition: string,
    values: Record<string, string>,
  ): Promise<boolean> =>
    succeeds(
      client.send(
        new PutCommand({
          TableName: tableName,
          Item: ruleItem(rule, held),
          ConditionExpression: condition,
          ExpressionAttributeValues: { ':mine': held.writeId, ...values },
        }),
      ),
    );

  /** After a write that failed; true when there is such a rule, of somebody else's making. */
  const lost = async ({ ruleId }: Rule, held: RuleHeld): Promise<boolean> => {
    const item = await getItem(table, ruleKey(ruleId));
    // It may have been written for a moment, and its uses be kept by whoever wrote after it.
    await uses.release(ruleId, held.uses, item === undefined ? undefined : ruleHeld(item).uses);
    return item !== undefined;
  };

  /** There is one rule for each exact match; its domain and its template must be there. */
  const create = async (input: RuleInput): Promise<RuleCreation> => {
    const ruleId = ruleIdOf(input);
    const rule = { ...input, ruleId, createdAt: sources.now().toISOString() };
    const held = await take(rule);
    if ('type' in held) return held;
    if (await put(rule, held, IS_NEW_OR_MINE, {})) {
      return { type: 'created', rule, version: held.writeId };
    }
    await lost(rule, held);
    return { type: 'exists', ruleId };
  };

  /** Binds another template. Running recordings go on as they are. */
  const rebind = async (ruleId: string, templateId: string, expected?: string): Promise<RuleChange> => {
    const item = await getItem(table, ruleKey(ruleId));
    if (item === undefined) return { type: 'missing' };
    if (!isExpected(versionOf(item), expected)) return { type: 'changed' };
    const before = ruleHeld(item);
    const rule = { ...ruleItemSchema.parse(item), templateId };
    const held = await take(rule, before);
    if ('type' in held) return held;
    if (!(await put(rule, held, IS_AS_SEEN_OR_MINE, { ':seen': before.writeId }))) {
      return { type: (await lost(rule, held)) ? 'changed' : 'missing' };
    }
    await uses.release(ruleId, before.uses, held.uses);
    return { type: 'replaced', rule, version: held.writeId };
  };

  /** Unbinds. Running recordings go on. */
  const remove = async (ruleId: string, expected?: string): Promise<RuleRemoval> => {
    const item = await getItem(table, ruleKey(ruleId));
    if (item === undefined) return { type: 'missing' };
    if (!isExpected(versionOf(item), expected)) return { type: 'changed' };
    const held = ruleHeld(item);
    const removed = await succeeds(
      client.send(
        new DeleteCommand({
          TableName: tableName,
          Key: ruleKey(ruleId),
          ConditionExpression: 'writeId = :seen',
          ExpressionAttributeValues: { ':seen': held.writeId },
        }),
      ),
    );
    // A repeated delete fails its condition although the first one got through.
    const now = removed ? undefined : await getItem(table, ruleKey(ruleId));
    await uses.release(ruleId, held.uses, now === undefined ? undefined : ruleHeld(now).uses);
    return { type: now === undefined ? 'removed' : 'changed' };
  };

  return { getVersioned, list, create, rebind, remove };
};
export type Rules = ReturnType<typeof createRules>;
