import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Domain } from '../schemas/domain.ts';
import { type Orchestration, orchestrationInputSchema } from '../schemas/orchestration.ts';
import type { RuleInput } from '../schemas/rule.ts';
import { type Template, type TemplateInput, templateInputSchema } from '../schemas/template.ts';
import type { Table } from '../table/table.ts';
import { createDomains } from './domains.ts';
import { type Item, WRITE_SECONDS } from './items.ts';
import { createOrchestrations } from './orchestrations.ts';
import { createRules, type VersionedRule } from './rules.ts';
import { createStorages } from './storages.ts';
import { createTemplates } from './templates.ts';

/** What is new of a template; the rest is as little as possible. */
export type TemplateOptions = Partial<Omit<TemplateInput, 'storage'>> & {
  storage?: TemplateInput['storage'];
};

/** Repositories on a table, with a clock that can be moved, and quick ways to make things in it. */
export const createConfigWorld = (table: Table) => {
  let time = Date.parse('2026-11-22T10:00:00Z');
  let ids = 0;
  const sources = {
    now: () => new Date(time),
    id: () => {
      ids += 1;
      return String(ids).padStart(6, '0');
    },
  };
  const domains = createDomains(table, sources);
  const storages = createStorages(table, sources);
  const templates = createTemplates(table, sources);
  const rules = createRules(table, sources);
  const orchestrations = createOrchestrations(table, sources);

  const unique = (name: string): string => `${name}-${sources.id()}`;

  const domainInput = (domain = `${unique('push')}.example.com`) => ({
    domain,
    adapter: 'nginx-rtmp' as const,
    source: { url: 'rtmp://origin.example.com/{app}/{stream}' },
    enabled: true,
    losslessStart: false,
    secret: 'a-secret-of-sixteen',
  });
  const aDomain = async (domain?: string): Promise<Domain> => {
    const made = await domains.create(domainInput(domain));
    if (made.type !== 'created') throw new Error(made.type);
    return made.domain;
  };

  const aStorage = async (region = 'eu-central-1', name = unique('bucket')) => {
    const made = await storages.create({ name, bucket: 'my-bucket', region });
    if (made.type !== 'created') throw new Error(made.type);
    return made.storage;
  };

  const templateInput = async ({ storage, ...options }: TemplateOptions = {}): Promise<TemplateInput> =>
    templateInputSchema.parse({
      name: unique('template'),
      formats: { mp4: {} },
      storage: storage ?? { primary: (await aStorage()).storageId },
      ...options,
    });
  const aTemplate = async (options?: TemplateOptions): Promise<Template> => {
    const made = await templates.create(await templateInput(options));
    if (made.type !== 'created') throw new Error(made.type);
    return made.template;
  };

  /** By default one that thumbnails are made by. */
  const anOrchestration = async (
    steps: unknown = [{ kind: 'thumbnails', name: 'pictures' }],
    name = unique('orchestration'),
  ): Promise<Orchestration> => {
    const made = await orchestrations.create(orchestrationInputSchema.parse({ name, steps }));
    if (made.type !== 'created') throw new Error(made.type);
    return made.orchestration;
  };

  const aRule = async (input: RuleInput): Promise<VersionedRule> => {
    const made = await rules.create(input);
    if (made.type !== 'created') throw new Error(made.type);
    return made;
  };

  const put = async (item: Item): Promise<void> => {
    await table.client.send(new PutCommand({ TableName: table.tableName, Item: item }));
  };
  /** Lets everything that was begun and not ended become abandoned. */
  const later = (): void => {
    time += (WRITE_SECONDS + 1) * 1000;
  };

  return {
    ...{ table, sources, domains, storages, templates, rules, orchestrations, anOrchestration },
    ...{ unique, domainInput, aDomain, aStorage, templateInput, aTemplate, aRule, put, later },
  };
};
export type ConfigWorld = ReturnType<typeof createConfigWorld>;
