import { beforeAll, describe, expect, it } from 'vitest';
import { useTable } from '../../test/support/table.ts';
import { type ConfigWorld, createConfigWorld } from './config.fixture.ts';
import { taskKey, templateKey } from './keys.ts';
import { createReferences } from './references.ts';

const table = useTable();
let world: ConfigWorld;
beforeAll(() => {
  world = createConfigWorld(table);
});

describe('Removing', () => {
  it('a storage is refused while a template records to it', async () => {
    const { storages, templates, later } = world;
    const { storageId, name } = await world.aStorage();
    const { templateId } = await world.aTemplate({ storage: { primary: storageId } });
    later();
    expect(await storages.remove(storageId)).toEqual({ type: 'in-use', usedBy: [templateId] });
    expect(await storages.get(storageId)).toBeDefined();
    await templates.remove(templateId);
    expect(await storages.remove(storageId)).toMatchObject({ type: 'removed' });
    expect(await storages.get(storageId)).toBeUndefined();
    await world.aStorage('eu-central-1', name);
  });

  it('a template and a domain are refused while a rule binds them', async () => {
    const { domains, templates, rules } = world;
    const [{ domain }, { templateId }] = [await world.aDomain(), await world.aTemplate()];
    const { rule } = await world.aRule({ domain, templateId });
    world.later();
    expect(await templates.remove(templateId)).toEqual({ type: 'in-use', usedBy: [rule.ruleId] });
    expect(await domains.remove(domain)).toEqual({ type: 'in-use', usedBy: [rule.ruleId] });
    expect(await rules.remove(rule.ruleId)).toEqual({ type: 'removed' });
    expect(await rules.remove(rule.ruleId)).toEqual({ type: 'missing' });
    expect(await templates.remove(templateId)).toMatchObject({ type: 'removed' });
    expect(await domains.remove(domain)).toMatchObject({ type: 'removed' });
  });

  it('a template is refused while a task uses it that is not over', async () => {
    const { templates, sources } = world;
    const { templateId } = await world.aTemplate();
    const use = { userId: 'tsk_1', useId: 'use-of-the-task' };
    await createReferences(table, sources).add(templateKey(templateId), use);
    await world.put({ ...taskKey('tsk_1'), templateUse: use.useId });
    world.later();
    expect(await templates.remove(templateId)).toEqual({ type: 'in-use', usedBy: ['tsk_1'] });
    await world.put({ ...taskKey('tsk_1') });
    expect(await templates.remove(templateId)).toMatchObject({ type: 'removed' });
  });

  it('waits for a rule that is just being made, and clears away one that never was', async () => {
    const { templates, sources } = world;
    const { templateId } = await world.aTemplate();
    const begunAt = sources.now().toISOString();
    const use = { userId: 'rule_x', useId: '1', begunAt };
    await world.put({ pk: templateKey(templateId).pk, sk: 'USE#rule_x#1', ...use });
    expect(await templates.remove(templateId)).toEqual({ type: 'in-use', usedBy: ['rule_x'] });
    world.later();
    expect(await templates.remove(templateId)).toMatchObject({ type: 'removed' });
  });

  it('leaves the template usable when it was refused or has died half-way', async () => {
    const { templates, rules, sources } = world;
    const [{ domain }, template] = [await world.aDomain(), await world.aTemplate()];
    const { templateId } = template;
    await rules.create({ domain, templateId });
    await templates.remove(templateId);
    expect(await rules.create({ domain, app: 'live', templateId })).toMatchObject({ type: 'created' });
    const dead = { deletingAt: sources.now().toISOString(), deletionId: 'dead' };
    await world.put({
      ...templateKey(templateId),
      ...template,
      writeId: 'w',
      nameClaim: 'n',
      uses: {},
      ...dead,
    });
    expect(await rules.create({ domain, app: 'a', templateId })).toEqual({
      type: 'references-missing',
      fields: ['templateId'],
    });
    world.later();
    expect(await rules.create({ domain, app: 'a', templateId })).toMatchObject({ type: 'created' });
  });

  it('and binding at the same time never leave a rule without its template', async () => {
    const { templates, rules } = world;
    for (let round = 0; round < 15; round += 1) {
      const [{ domain }, { templateId }] = await Promise.all([world.aDomain(), world.aTemplate()]);
      const [removal, creation] = await Promise.all([
        templates.remove(templateId),
        rules.create({ domain, templateId }),
      ]);
      if (creation.type === 'created') expect(removal).toMatchObject({ type: 'in-use' });
      expect((await templates.get(templateId)) === undefined && creation.type === 'created').toBe(false);
    }
  });

  it('is off when somebody has changed the template meanwhile, whose users are not known then', async () => {
    const { templates, sources } = world;
    const [{ domain }, { templateId, storage }] = [await world.aDomain(), await world.aTemplate()];
    const target = templateKey(templateId);
    const begunAt = sources.now().toISOString();
    await world.put({ pk: target.pk, sk: 'USE#rule_x#1', userId: 'rule_x', useId: '1', begunAt });
    world.later();
    const removal = await createReferences(table, sources).removeUnused(target, async () => {
      await templates.replace(templateId, await world.templateInput({ storage }));
      await world.aRule({ domain, templateId });
      return false;
    });
    expect(removal).toEqual({ type: 'changed' });
    expect(await templates.get(templateId)).toBeDefined();
  });
});
