import type { StreamKey } from '../schemas/names.ts';
import type { Rule } from '../schemas/rule.ts';
import type { Storage } from '../schemas/storage.ts';
import type { Template } from '../schemas/template.ts';
import type { Table } from '../table/table.ts';
import { type Match, matchStream } from './match-stream.ts';
import { createStorages } from './storages.ts';
import { createTemplates } from './templates.ts';

/** Which rule would count for a stream that started now. */
export interface Explanation {
  readonly rule: Rule | null;
  readonly template: Template | null;
  readonly recorded: boolean;
  /** Why it would not be recorded. */
  readonly reason: string | null;
}

const whyNot = (
  { domain, app, stream }: StreamKey,
  match: Match,
  template: Template | undefined,
  storage: Storage | undefined,
): string | null => {
  if (match.domain === undefined) return `The push domain ${domain} is not configured.`;
  if (!match.domain.enabled) return `The push domain ${domain} is disabled.`;
  if (match.rule === undefined) {
    return `No rule binds a template to ${domain}, to its app ${app}, or to the stream ${stream} in it.`;
  }
  if (template === undefined) return `The template ${match.rule.templateId} does not exist.`;
  if (storage === undefined) return `The template’s storage ${template.storage.primary} does not exist.`;
  return null;
};

/** What the rules make of a stream. Three reads at most: domain and rules in one, template, storage. */
export const createExplainer = (table: Table) => {
  const [templates, storages] = [createTemplates(table), createStorages(table)];

  return async (key: StreamKey): Promise<Explanation> => {
    const match = await matchStream(table, key);
    const { rule } = match;
    const template = rule === undefined ? undefined : await templates.get(rule.templateId);
    const storage = template === undefined ? undefined : await storages.get(template.storage.primary);
    const reason = whyNot(key, match, template, storage);
    return { rule: rule ?? null, template: template ?? null, recorded: reason === null, reason };
  };
};
