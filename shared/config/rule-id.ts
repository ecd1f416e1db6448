import { createHash } from 'node:crypto';
import type { StreamKey } from '../schemas/names.ts';

/** What a rule matches: a domain, one app of it, or one stream. */
export interface RuleTarget {
  readonly domain: string;
  readonly app?: string | undefined;
  readonly stream?: string | undefined;
}

/** The id that a rule for this target has, so that there can be only one. */
export const ruleIdOf = ({ domain, app, stream }: RuleTarget): string => {
  // JSON keeps the three apart whatever characters they hold.
  const target = JSON.stringify([domain, app ?? null, stream ?? null]);
  return `rule_${createHash('sha256').update(target).digest('hex').slice(0, 24)}`;
};

/** Ids of the rules that can match a stream, most specific first. */
export const candidateRuleIds = ({ domain, app, stream }: StreamKey): [string, string, string] => [
  ruleIdOf({ domain, app, stream }),
  ruleIdOf({ domain, app }),
  ruleIdOf({ domain }),
];
