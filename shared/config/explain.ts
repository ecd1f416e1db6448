import type { StreamKey } from '../schemas/names.ts';
import type { Rule } from '../schemas/rule.ts';
import type { Template } from '../schemas/template.ts';
import { type Config, planFor } from './plan.ts';

/** Which rule would count for a stream that started now. */
export interface Explanation {
  readonly rule: Rule | null;
  readonly template: Template | null;
  readonly recorded: boolean;
  /** Why it would not be recorded. */
  readonly reason: string | null;
}

/** What the rules make of a stream: what they would make of it if it started now, by the same decision. */
export const createExplainer =
  (config: Config) =>
  async (key: StreamKey): Promise<Explanation> => {
    const match = await config.match(key);
    const { rule } = match;
    const template = rule === undefined ? undefined : await config.template(rule.templateId);
    const read = { ...config, match: async () => match, template: async () => template };
    const planned = await planFor(read, key);
    const reason = planned.type === 'recorded' ? null : planned.text;
    return { rule: rule ?? null, template: template ?? null, recorded: reason === null, reason };
  };
