import type { Rule, RuleInput, RulesInput } from '../schemas/rule.ts';
import type { Table } from '../table/table.ts';
import { getItems, type Sources, systemSources } from './items.ts';
import { domainKey, ruleKey, templateKey } from './keys.ts';
import { ruleIdOf } from './rule-id.ts';
import { createRules, type RuleCreation } from './rules.ts';

/** Why a template cannot be bound to one of several domains. */
export interface RefusedDomain {
  readonly domain: string;
  /** The rule that binds a template to exactly this already; absent: there is no such domain. */
  readonly boundBy?: string;
}

export type Binding =
  | { readonly type: 'created'; readonly rules: readonly Rule[] }
  | {
      readonly type: 'refused';
      readonly isTemplateMissing: boolean;
      readonly domains: readonly RefusedDomain[];
    };

type Refusal = Extract<Binding, { type: 'refused' }>;

const inputsOf = ({ domains, ...input }: RulesInput): RuleInput[] =>
  domains.map((domain) => ({ domain, ...input }));

/** What stands in the way, found before anything is written. */
const check = async (table: Table, inputs: readonly RuleInput[], templateId: string): Promise<Refusal> => {
  const items = await getItems(table, [
    templateKey(templateId),
    ...inputs.flatMap((input) => [domainKey(input.domain), ruleKey(ruleIdOf(input))]),
  ]);
  const domains = inputs.flatMap((input): RefusedDomain[] => {
    const { domain } = input;
    const ruleId = ruleIdOf(input);
    if (!items.has(domainKey(domain).pk)) return [{ domain }];
    return items.has(ruleKey(ruleId).pk) ? [{ domain, boundBy: ruleId }] : [];
  });
  return { type: 'refused', isTemplateMissing: !items.has(templateKey(templateId).pk), domains };
};

type Created = Extract<RuleCreation, { type: 'created' }>;
const isCreated = (creation: RuleCreation): creation is Created => creation.type === 'created';

const refusalOf = (inputs: readonly RuleInput[], creations: readonly RuleCreation[]): Refusal => {
  const lacks = (creation: RuleCreation | undefined, field: 'domain' | 'templateId') =>
    creation?.type === 'references-missing' && creation.fields.includes(field);
  return {
    type: 'refused',
    isTemplateMissing: creations.some((creation) => lacks(creation, 'templateId')),
    domains: inputs.flatMap(({ domain }, index): RefusedDomain[] => {
      const creation = creations[index];
      if (creation?.type === 'exists') return [{ domain, boundBy: creation.ruleId }];
      return lacks(creation, 'domain') ? [{ domain }] : [];
    }),
  };
};

/**
 * Binds one template to several domains, all or none. There are no transactions: all is checked first, and what was
 * written is undone when somebody else was faster. Only a crash in between can leave some of the rules.
 */
export const createDomainBinder = (table: Table, sources: Sources = systemSources) => {
  const rules = createRules(table, sources);

  return async (input: RulesInput): Promise<Binding> => {
    const inputs = inputsOf(input);
    const refusal = await check(table, inputs, input.templateId);
    if (refusal.isTemplateMissing || refusal.domains.length > 0) return refusal;
    const settled = await Promise.allSettled(inputs.map(rules.create));
    const creations = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    const created = creations.filter(isCreated);
    if (created.length === inputs.length) return { type: 'created', rules: created.map(({ rule }) => rule) };
    // A rule that somebody has changed since is theirs, and stays.
    await Promise.all(created.map(({ rule, version }) => rules.remove(rule.ruleId, version)));
    const failed = settled.find((each) => each.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return refusalOf(inputs, creations);
  };
};
export type DomainBinder = ReturnType<typeof createDomainBinder>;
