import { beforeAll, describe, expect, it } from 'vitest';
import { createInterleaving } from '../../test/support/interleaving.ts';
import { useTable } from '../../test/support/table.ts';
import { CursorError } from '../table/pages.ts';
import { createDomainBinder } from './bind-domains.ts';
import { type ConfigWorld, createConfigWorld } from './config.fixture.ts';
import { ruleIdOf } from './rule-id.ts';

const table = useTable();
let world: ConfigWorld;
beforeAll(() => {
  world = createConfigWorld(table);
});

const aBound = async () => {
  const [{ domain }, { templateId }] = [await world.aDomain(), await world.aTemplate()];
  return { domain, templateId };
};
const ALL = { limit: 100 };

describe('Rules', () => {
  it('exist once for each exact match, and refuse what is not there', async () => {
    const { rules } = world;
    const { domain, templateId } = await aBound();
    expect(await rules.create({ domain, app: 'live', templateId })).toMatchObject({ type: 'created' });
    expect(await rules.create({ domain, app: 'live', templateId })).toMatchObject({ type: 'exists' });
    expect(await rules.create({ domain: 'none.example.com', templateId: 'tpl_none' })).toEqual({
      type: 'references-missing',
      fields: ['domain', 'templateId'],
    });
  });

  it('leave no use behind when they were refused', async () => {
    const { rules, templates, domains } = world;
    const { domain, templateId } = await aBound();
    const unused = await world.aTemplate();
    const { rule } = await world.aRule({ domain, templateId });
    await rules.create({ domain, templateId: unused.templateId });
    expect(await templates.remove(unused.templateId)).toMatchObject({ type: 'removed' });
    await rules.create({ domain, app: 'x', templateId: 'tpl_none' });
    await rules.remove(rule.ruleId);
    expect(await domains.remove(domain)).toMatchObject({ type: 'removed' });
  });

  it('are listed by domain, app and stream, and by template, page by page', async () => {
    const { rules } = world;
    const [{ domain, templateId }, elsewhere] = [await aBound(), await aBound()];
    const longest = '直'.repeat(85);
    for (const app of ['b', 'a', 'ab', longest]) await world.aRule({ domain, app, templateId });
    for (const stream of ['show', 'showroom']) await world.aRule({ domain, app: 'a', stream, templateId });
    await world.aRule({ domain, app: 'z', templateId: elsewhere.templateId });
    await world.aRule({ domain: elsewhere.domain, templateId });
    const apps = async (filter: Parameters<typeof rules.list>[0]) =>
      (await rules.list(filter, ALL)).items.map(({ app, stream }) => [app, stream].join('/'));

    const first = await rules.list({ target: { domain } }, { limit: 3 });
    const second = await rules.list({ target: { domain } }, { limit: 4, cursor: first.cursor ?? '' });
    expect([...first.items, ...second.items].map(({ app, stream }) => [app, stream].join('/'))).toEqual([
      'a/',
      'a/show',
      'a/showroom',
      'ab/',
      'b/',
      'z/',
      `${longest}/`,
    ]);
    expect((await rules.list({ target: { domain } }, ALL)).cursor).toBeNull();
    expect(await apps({ target: { domain, app: 'a' } })).toEqual(['a/', 'a/show', 'a/showroom']);
    expect(await apps({ target: { domain, app: 'a', stream: 'show' } })).toEqual(['a/show']);
    expect(await apps({ templateId })).toHaveLength(7);
    expect(await apps({ templateId, target: { domain, app: 'b' } })).toEqual(['b/']);
    expect(await apps({ templateId: elsewhere.templateId, target: { domain } })).toEqual(['z/']);
    await expect(world.templates.list({ limit: 3, cursor: first.cursor ?? '' })).rejects.toThrow(CursorError);
  });
});

describe('Rebinding', () => {
  it('lets go of the template before, and keeps the new one and the domain', async () => {
    const { rules, templates, domains } = world;
    const [{ domain, templateId }, other] = [await aBound(), await world.aTemplate()];
    const { rule, version } = await world.aRule({ domain, templateId });
    const change = await rules.rebind(rule.ruleId, other.templateId, version);
    expect(change).toMatchObject({ type: 'replaced', rule: { ...rule, templateId: other.templateId } });
    world.later();
    expect(await templates.remove(templateId)).toMatchObject({ type: 'removed' });
    expect(await templates.remove(other.templateId)).toMatchObject({ type: 'in-use' });
    expect(await domains.remove(domain)).toMatchObject({ type: 'in-use' });
    expect((await rules.list({ templateId: other.templateId }, ALL)).items).toHaveLength(1);
  });

  it('is done by one of two who have read the same version, and by none who unbinds meanwhile', async () => {
    const { rules, templates } = world;
    const { domain, templateId } = await aBound();
    const others = [await world.aTemplate(), await world.aTemplate()];
    const { rule, version } = await world.aRule({ domain, templateId });
    const changes = await Promise.all(
      others.map((other) => rules.rebind(rule.ruleId, other.templateId, version)),
    );
    expect(changes.map(({ type }) => type).sort()).toEqual(['changed', 'replaced']);
    const lost = others[changes.findIndex(({ type }) => type === 'changed')];
    expect(await templates.remove(lost?.templateId ?? '')).toMatchObject({ type: 'removed' });
    expect(await rules.remove(rule.ruleId, version)).toEqual({ type: 'changed' });
    expect(await rules.remove(rule.ruleId, '*')).toEqual({ type: 'removed' });
    expect(await rules.rebind(rule.ruleId, templateId)).toEqual({ type: 'missing' });
  });

  it('and unbinding at the same time never leave a rule without its domain', async () => {
    const { rules, domains } = world;
    const interleaving = createInterleaving(table);
    const [{ domain, templateId }, other] = [await aBound(), await world.aTemplate()];
    const removals = new Set<string>();
    for (let seed = 0; seed < 40; seed += 1) {
      const { rule } = await world.aRule({ domain, templateId });
      const calls = [
        () => rules.rebind(rule.ruleId, other.templateId),
        async () => {
          removals.add((await rules.remove(rule.ruleId)).type);
        },
      ];
      await interleaving.run<unknown>(calls, { seed });
      world.later();
      const isThere = (await rules.getVersioned(rule.ruleId)) !== undefined;
      if (isThere) expect(await domains.remove(domain)).toMatchObject({ type: 'in-use' });
      await rules.remove(rule.ruleId);
    }
    expect(removals).toEqual(new Set(['removed', 'changed']));
  });

  it('to a template that is not there changes nothing', async () => {
    const { rules } = world;
    const { rule, version } = await world.aRule(await aBound());
    expect(await rules.rebind(rule.ruleId, 'tpl_none', version)).toEqual({
      type: 'references-missing',
      fields: ['templateId'],
    });
    expect(await rules.getVersioned(rule.ruleId)).toEqual({ rule, version });
  });
});

describe('Binding several domains', () => {
  it('makes a rule for each', async () => {
    const { templateId } = await world.aTemplate();
    const domains = [(await world.aDomain()).domain, (await world.aDomain()).domain];
    const binding = await createDomainBinder(table, world.sources)({ domains, app: 'live', templateId });
    expect(binding).toMatchObject({
      type: 'created',
      rules: domains.map((domain) => ({ domain, app: 'live', templateId })),
    });
  });

  it('writes nothing when one of them cannot be, and names each', async () => {
    const bind = createDomainBinder(table, world.sources);
    const { domain, templateId } = await aBound();
    const { rule } = await world.aRule({ domain, templateId });
    const free = (await world.aDomain()).domain;
    const domains = [free, domain, 'none.example.com'];
    expect(await bind({ domains, templateId })).toEqual({
      type: 'refused',
      isTemplateMissing: false,
      domains: [{ domain, boundBy: rule.ruleId }, { domain: 'none.example.com' }],
    });
    expect(await bind({ domains: [free], templateId: 'tpl_none' })).toEqual({
      type: 'refused',
      isTemplateMissing: true,
      domains: [],
    });
    expect(await world.rules.getVersioned(ruleIdOf({ domain: free }))).toBeUndefined();
  });

  it('by two at the same time binds all for one of them, or none', async () => {
    const bind = createDomainBinder(table, world.sources);
    const templateIds = [(await world.aTemplate()).templateId, (await world.aTemplate()).templateId];
    const domains = await Promise.all([1, 2, 3].map(async () => (await world.aDomain()).domain));
    const bindings = await Promise.all(templateIds.map((templateId) => bind({ domains, templateId })));
    const counts = await Promise.all(
      templateIds.map(async (templateId) => (await world.rules.list({ templateId }, ALL)).items.length),
    );
    expect(counts).toEqual(bindings.map(({ type }) => (type === 'created' ? domains.length : 0)));
  });
});
