import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startTable, type TestTable } from '../../test/support/table.ts';
import { type TemplateInput, templateInputSchema } from '../schemas/template.ts';
import { CursorError } from '../table/pages.ts';
import { createDomains } from './domains.ts';
import { WRITE_SECONDS } from './items.ts';
import { domainKey, storageKey, templateKey } from './keys.ts';
import { matchStream } from './match-stream.ts';
import { createRules } from './rules.ts';
import { createStorages } from './storages.ts';
import { createTemplates } from './templates.ts';

let table: TestTable;
let clock: number;
let ids = 0;
const sources = {
  now: () => new Date(clock),
  id: () => {
    ids += 1;
    return String(ids).padStart(6, '0');
  },
};
const later = () => {
  clock += (WRITE_SECONDS + 1) * 1000;
};

beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table.close());
beforeEach(() => {
  clock = Date.parse('2026-11-22T10:00:00Z');
});

const unique = (name: string) => `${name}-${sources.id()}`;
const repositories = () => ({
  domains: createDomains(table, sources),
  storages: createStorages(table, sources),
  templates: createTemplates(table, sources),
  rules: createRules(table, sources),
});

const aDomain = async (domain = `${unique('push')}.example.com`) => {
  const source = { url: 'rtmp://origin.example.com/{app}/{stream}' };
  const made = await repositories().domains.create({
    domain,
    adapter: 'nginx-rtmp',
    source,
    enabled: true,
    secret: 'a-secret-of-sixteen',
  });
  if (made === undefined) throw new Error('The domain exists already');
  return made;
};
const aStorage = async (name = unique('bucket')) => {
  const made = await repositories().storages.create({ name, bucket: 'my-bucket', region: 'eu-central-1' });
  if (made === undefined) throw new Error('The name is taken');
  return made;
};
const templateInput = (storageId: string, name = unique('template')): TemplateInput =>
  templateInputSchema.parse({ name, formats: { mp4: {} }, storage: { primary: storageId } });
const aTemplate = async (storageId?: string, name?: string) => {
  const input = templateInput(storageId ?? (await aStorage()).storageId, name);
  const made = await repositories().templates.create(input);
  if (made.type !== 'created') throw new Error(made.type);
  return made.template;
};
const put = (item: Record<string, unknown>) =>
  table.client.send(new PutCommand({ TableName: table.tableName, Item: item }));

describe('Domains', () => {
  it('are made once', async () => {
    const { domain } = await aDomain();
    await expect(aDomain(domain)).rejects.toThrow('exists already');
  });

  it('hold the hash of their secret, and keep it when they are replaced without one', async () => {
    const { domains } = repositories();
    const made = await aDomain();
    expect(made.secretHash).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(made)).not.toContain('a-secret-of-sixteen');
    const { secretHash, createdAt: _, ...input } = made;
    expect(await domains.replace({ ...input, enabled: false })).toMatchObject({ type: 'replaced' });
    expect(await domains.get(made.domain)).toEqual({ ...made, enabled: false });
    await domains.replace({ ...input, secret: 'another-secret-of-ours' });
    expect((await domains.get(made.domain))?.secretHash).not.toBe(secretHash);
  });

  it('cannot be replaced or removed when they are not there', async () => {
    const { domains } = repositories();
    const { secretHash: _, createdAt: __, ...input } = await aDomain();
    await domains.remove(input.domain);
    expect(await domains.replace(input)).toEqual({ type: 'missing' });
    expect(await domains.remove(input.domain)).toEqual({ type: 'missing' });
  });
});

describe('Names', () => {
  it('belong to one template', async () => {
    const { storageId } = await aStorage();
    const { name } = await aTemplate(storageId);
    expect(await repositories().templates.create(templateInput(storageId, name))).toEqual({
      type: 'name-taken',
    });
  });

  it('belong to one of many that ask at the same time', async () => {
    const { storageId } = await aStorage();
    const name = unique('same');
    const made = await Promise.all(
      [1, 2, 3, 4, 5].map(() => repositories().templates.create(templateInput(storageId, name))),
    );
    expect(made.filter(({ type }) => type === 'created')).toHaveLength(1);
  });

  it('are free again after a removal or a change of name', async () => {
    const { templates } = repositories();
    const template = await aTemplate();
    const { primary } = template.storage;
    const renamed = unique('renamed');
    expect(await templates.replace(template.templateId, templateInput(primary, renamed))).toMatchObject({
      type: 'replaced',
      template: { name: renamed, createdAt: template.createdAt },
    });
    await aTemplate(primary, template.name);
    expect(await templates.remove(template.templateId)).toMatchObject({ type: 'removed' });
    await aTemplate(primary, renamed);
  });

  it('can be taken back by the same template', async () => {
    const { templates } = repositories();
    const { templateId, storage, name } = await aTemplate();
    await templates.replace(templateId, templateInput(storage.primary));
    expect(await templates.replace(templateId, templateInput(storage.primary, name))).toMatchObject({
      type: 'replaced',
    });
    expect(await templates.create(templateInput(storage.primary, name))).toEqual({ type: 'name-taken' });
  });

  it('are freed when the template turns out to be impossible', async () => {
    const name = unique('free');
    expect(await repositories().templates.create(templateInput('sto_none', name))).toEqual({
      type: 'storage-missing',
    });
    await aTemplate(undefined, name);
  });

  it('claimed by a request that never came to its end are free after a minute', async () => {
    const { storageId } = await aStorage();
    const { templates } = repositories();
    const name = unique('orphan');
    const begunAt = sources.now().toISOString();
    await put({ pk: `NAME#TEMPLATE#${name}`, sk: 'NAME', ownerId: 'tpl_gone', claimId: 'x', begunAt });
    expect(await templates.create(templateInput(storageId, name))).toEqual({ type: 'name-taken' });
    later();
    expect(await templates.create(templateInput(storageId, name))).toMatchObject({ type: 'created' });
    later();
    expect(await templates.create(templateInput(storageId, name))).toEqual({ type: 'name-taken' });
  });
});

describe('Removing', () => {
  it('a storage is refused while a template records to it', async () => {
    const { storages, templates } = repositories();
    const { storageId, name } = await aStorage();
    const { templateId } = await aTemplate(storageId);
    later();
    expect(await storages.remove(storageId)).toEqual({ type: 'in-use', usedBy: [templateId] });
    expect(await storages.get(storageId)).toBeDefined();
    await templates.remove(templateId);
    expect(await storages.remove(storageId)).toMatchObject({ type: 'removed' });
    expect(await storages.get(storageId)).toBeUndefined();
    await aStorage(name);
  });

  it('a storage is possible after its template has gone to another one', async () => {
    const { storages, templates } = repositories();
    const [one, other] = [await aStorage(), await aStorage()];
    const { templateId } = await aTemplate(one.storageId);
    await templates.replace(templateId, templateInput(other.storageId));
    expect(await storages.remove(other.storageId)).toMatchObject({ type: 'in-use' });
    expect(await storages.remove(one.storageId)).toMatchObject({ type: 'removed' });
  });

  it('a template and a domain are refused while a rule binds them', async () => {
    const { domains, templates, rules } = repositories();
    const { domain } = await aDomain();
    const { templateId } = await aTemplate();
    const made = await rules.create({ domain, templateId });
    const { ruleId } = made.type === 'created' ? made.rule : expect.fail(made.type);
    later();
    expect(await templates.remove(templateId)).toEqual({ type: 'in-use', usedBy: [ruleId] });
    expect(await domains.remove(domain)).toEqual({ type: 'in-use', usedBy: [ruleId] });
    expect(await rules.remove(ruleId)).toBe(true);
    expect(await rules.remove(ruleId)).toBe(false);
    expect(await templates.remove(templateId)).toMatchObject({ type: 'removed' });
    expect(await domains.remove(domain)).toMatchObject({ type: 'removed' });
  });

  it('waits for a rule that is just being made, and clears away one that never was', async () => {
    const { templates } = repositories();
    const { templateId } = await aTemplate();
    const { pk } = templateKey(templateId);
    const begunAt = sources.now().toISOString();
    await put({ pk, sk: 'USE#rule_x#1', userId: 'rule_x', useId: '1', begunAt });
    expect(await templates.remove(templateId)).toEqual({ type: 'in-use', usedBy: ['rule_x'] });
    later();
    expect(await templates.remove(templateId)).toMatchObject({ type: 'removed' });
  });

  it('leaves the template usable when it was refused or has died half-way', async () => {
    const { templates, rules } = repositories();
    const { templateId } = await aTemplate();
    const { domain } = await aDomain();
    await rules.create({ domain, templateId });
    await templates.remove(templateId);
    expect(await rules.create({ domain, app: 'live', templateId })).toMatchObject({ type: 'created' });
    const item = { ...templateKey(templateId), ...(await templates.get(templateId)) };
    await put({
      ...item,
      writeId: 'dead',
      nameClaim: 'n',
      storageUse: 's',
      deletingAt: sources.now().toISOString(),
    });
    expect(await rules.create({ domain, app: 'a', templateId })).toEqual({ type: 'template-missing' });
    later();
    expect(await rules.create({ domain, app: 'a', templateId })).toMatchObject({ type: 'created' });
  });

  it('and binding at the same time never leave a rule without its template', async () => {
    const { templates, rules } = repositories();
    for (let round = 0; round < 15; round += 1) {
      const [{ domain }, { templateId }] = await Promise.all([aDomain(), aTemplate()]);
      const [removal, creation] = await Promise.all([
        templates.remove(templateId),
        rules.create({ domain, templateId }),
      ]);
      if (creation.type === 'created') expect(removal).toMatchObject({ type: 'in-use' });
      expect((await templates.get(templateId)) === undefined && creation.type === 'created').toBe(false);
    }
  });
});

describe('Rules', () => {
  it('exist once for each exact match, and refuse what is not there', async () => {
    const { rules } = repositories();
    const { domain } = await aDomain();
    const { templateId } = await aTemplate();
    expect(await rules.create({ domain, app: 'live', templateId })).toMatchObject({ type: 'created' });
    expect(await rules.create({ domain, app: 'live', templateId })).toMatchObject({ type: 'exists' });
    expect(await rules.create({ domain, templateId: 'tpl_none' })).toEqual({ type: 'template-missing' });
    expect(await rules.create({ domain: 'none.example.com', templateId })).toEqual({
      type: 'domain-missing',
    });
  });

  it('leave no use behind when they were refused', async () => {
    const { rules, templates, domains } = repositories();
    const { domain } = await aDomain();
    const [used, unused] = [await aTemplate(), await aTemplate()];
    const made = await rules.create({ domain, templateId: used.templateId });
    await rules.create({ domain, templateId: unused.templateId });
    expect(await templates.remove(unused.templateId)).toMatchObject({ type: 'removed' });
    await rules.create({ domain, app: 'x', templateId: 'tpl_none' });
    await rules.remove(made.type === 'created' ? made.rule.ruleId : '');
    expect(await domains.remove(domain)).toMatchObject({ type: 'removed' });
  });

  it('are listed by domain and by template, page by page', async () => {
    const { rules } = repositories();
    const [{ domain }, { domain: otherDomain }] = [await aDomain(), await aDomain()];
    const [one, other] = [await aTemplate(), await aTemplate()];
    const longest = '直'.repeat(85);
    for (const app of ['a', 'b', 'c', longest])
      await rules.create({ domain, app, templateId: one.templateId });
    await rules.create({ domain, app: 'z', templateId: other.templateId });
    await rules.create({ domain: otherDomain, templateId: one.templateId });

    const first = await rules.list({ domain }, { limit: 3 });
    const second = await rules.list({ domain }, { limit: 3, cursor: first.cursor ?? '' });
    expect([...first.items, ...second.items].map(({ app }) => app).sort()).toEqual([
      'a',
      'b',
      'c',
      'z',
      longest,
    ]);
    expect(second.cursor).toBeNull();
    const bound = await rules.list({ templateId: one.templateId }, { limit: 100 });
    expect(bound.items).toHaveLength(5);
    expect((await rules.list({ domain, templateId: other.templateId }, { limit: 100 })).items).toHaveLength(
      1,
    );
    await expect(repositories().templates.list({ limit: 3, cursor: first.cursor ?? '' })).rejects.toThrow(
      CursorError,
    );
  });
});

describe('Matching a stream', () => {
  it('finds the most specific rule', async () => {
    const { rules } = repositories();
    const { domain } = await aDomain();
    const [wide, middle, narrow] = [await aTemplate(), await aTemplate(), await aTemplate()];
    await rules.create({ domain, templateId: wide.templateId });
    await rules.create({ domain, app: 'live', templateId: middle.templateId });
    await rules.create({ domain, app: 'live', stream: 'show', templateId: narrow.templateId });
    const templateFor = async (app: string, stream: string) =>
      (await matchStream(table, { domain, app, stream })).rule?.templateId;
    expect(await templateFor('live', 'show')).toBe(narrow.templateId);
    expect(await templateFor('live', 'other')).toBe(middle.templateId);
    expect(await templateFor('other', 'show')).toBe(wide.templateId);
  });

  it('knows a domain without rules from one that nobody has configured', async () => {
    const made = await aDomain();
    expect(await matchStream(table, { domain: made.domain, app: 'a', stream: 's' })).toEqual({
      domain: made,
      rule: undefined,
    });
    expect(await matchStream(table, { domain: 'none.example.com', app: 'a', stream: 's' })).toEqual({
      domain: undefined,
      rule: undefined,
    });
  });

  it('does not take the border between app and stream for part of a name', async () => {
    const { rules } = repositories();
    const { domain } = await aDomain();
    const { templateId } = await aTemplate();
    await rules.create({ domain, app: 'a', stream: 'b/c', templateId });
    expect((await matchStream(table, { domain, app: 'a/b', stream: 'c' })).rule).toBeUndefined();
    expect((await matchStream(table, { domain, app: 'a', stream: 'b/c' })).rule).toBeDefined();
  });
});

describe('Items', () => {
  it('of a wrong shape are refused when they are read', async () => {
    await put({ ...domainKey('broken.example.com'), domain: 'broken.example.com', adapter: 'gopher' });
    await expect(repositories().domains.get('broken.example.com')).rejects.toThrow('adapter');
    await put({ ...storageKey('sto_broken'), storageId: 'sto_broken' });
    await expect(repositories().storages.get('sto_broken')).rejects.toThrow('bucket');
  });
});
