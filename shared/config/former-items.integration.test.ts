import { beforeAll, describe, expect, it } from 'vitest';
import { useTable } from '../../test/support/table.ts';
import { type ConfigWorld, createConfigWorld } from './config.fixture.ts';
import { getItem, type Key } from './items.ts';
import { domainKey, ruleKey, storageKey, templateKey } from './keys.ts';
import { matchStream } from './match-stream.ts';
import { usesOf } from './uses.ts';

const table = useTable();
let world: ConfigWorld;
beforeAll(() => {
  world = createConfigWorld(table);
});

/** Writes an item anew, as the first version did. */
const asFormer = async (key: Key, namesOf: Readonly<Record<string, Key>>, absent: readonly string[]) => {
  const item = (await getItem(table, key)) ?? {};
  const uses = Object.entries(namesOf).map(([name, { pk }]) => [name, usesOf(item)[pk]]);
  const kept = Object.entries(item).filter(([name]) => !['uses', ...absent].includes(name));
  await world.put(Object.fromEntries([...kept, ...uses]));
};

const aFormerWorld = async () => {
  const { domain } = await world.aDomain();
  const { templateId, storage } = await world.aTemplate();
  const storageId = storage.primary;
  const { ruleId } = (await world.aRule({ domain, templateId })).rule;
  await asFormer(domainKey(domain), {}, ['losslessStart', 'api']);
  await asFormer(templateKey(templateId), { storageUse: storageKey(storageId) }, [
    'content',
    'recordStandby',
  ]);
  const ruleUses = { domainUse: domainKey(domain), templateUse: templateKey(templateId) };
  await asFormer(ruleKey(ruleId), ruleUses, ['streamPk', 'streamSk']);
  world.later();
  return { domain, templateId, storageId, ruleId };
};

describe('What the first version wrote', () => {
  it('is found by streams, with all that has come since', async () => {
    const { domain, templateId } = await aFormerWorld();
    expect(await matchStream(table, { domain, app: 'live', stream: 'show' })).toMatchObject({
      domain: { domain, losslessStart: false },
      rule: { templateId },
    });
    expect(await world.templates.get(templateId)).toMatchObject({ content: 'origin', recordStandby: false });
  });

  it('still holds what it uses, and lets go of it when it is removed', async () => {
    const { domain, templateId, storageId, ruleId } = await aFormerWorld();
    const { domains, rules, storages, templates } = world;
    expect(await domains.remove(domain)).toEqual({ type: 'in-use', usedBy: [ruleId] });
    expect(await templates.remove(templateId)).toEqual({ type: 'in-use', usedBy: [ruleId] });
    expect(await storages.remove(storageId)).toEqual({ type: 'in-use', usedBy: [templateId] });
    expect(await rules.remove(ruleId)).toEqual({ type: 'removed' });
    expect(await domains.remove(domain)).toMatchObject({ type: 'removed' });
    expect(await templates.remove(templateId)).toMatchObject({ type: 'removed' });
    expect(await storages.remove(storageId)).toMatchObject({ type: 'removed' });
  });

  it('can be changed, and is then as if it had been made today', async () => {
    const { domain, templateId, storageId, ruleId } = await aFormerWorld();
    const { rules, storages, templates } = world;
    const { storageId: other } = await world.aStorage();
    const input = await world.templateInput({ storage: { primary: other } });
    expect(await templates.replace(templateId, input)).toMatchObject({ type: 'replaced' });
    expect(await storages.remove(storageId)).toMatchObject({ type: 'removed' });
    expect(await rules.rebind(ruleId, templateId)).toMatchObject({ type: 'replaced' });
    const page = await rules.list({ target: { domain }, templateId }, { limit: 10 });
    expect(page.items).toMatchObject([{ ruleId }]);
  });
});
