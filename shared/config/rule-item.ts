import * as z from 'zod';
import { TABLE } from '../constants.ts';
import { type Rule, ruleSchema } from '../schemas/rule.ts';
import { type Item, listed, versionOf } from './items.ts';
import { ruleKey } from './keys.ts';
import type { RuleTarget } from './rule-id.ts';
import { type Uses, usesOf } from './uses.ts';

export const RULE_LIST = 'RULES';
/** List of the rules that bind one template, in the stream index. */
export const templateRuleList = (templateId: string): string => `RULES#${templateId}`;

/** A rule as it is stored, with the item's own attributes left out. */
export const ruleItemSchema = z.object(ruleSchema.shape);
/** Which uses are its own, and its version: the lock for its next change. */
export interface RuleHeld {
  readonly uses: Uses;
  readonly writeId: string;
}
export const ruleHeld = (item: Item): RuleHeld => ({ uses: usesOf(item), writeId: versionOf(item) });

/** Ends names in the order of rules: no name holds a control character. */
const BORDER = '\n';

/** What the order of all rules of a domain, of an app, or of a stream begins with. */
export const ruleOrder = ({ domain, app, stream }: RuleTarget): string =>
  [domain, app, stream].filter((part) => part !== undefined).join(BORDER) + BORDER;

/** A rule as the table keeps it: by id, on the list of all rules and on that of its template. */
export const ruleItem = (rule: Rule, held: RuleHeld): Item => ({
  ...ruleKey(rule.ruleId),
  ...rule,
  ...listed(RULE_LIST, ruleOrder(rule)),
  [TABLE.streamIndex.pk]: templateRuleList(rule.templateId),
  [TABLE.streamIndex.sk]: ruleOrder(rule),
  ...held,
});
