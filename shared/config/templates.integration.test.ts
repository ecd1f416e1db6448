import { beforeAll, describe, expect, it } from 'vitest';
import { useTable } from '../../test/support/table.ts';
import { type ConfigWorld, createConfigWorld } from './config.fixture.ts';
import { transcodeWith } from './content.fixture.ts';
import { transcodeKey, watermarkKey } from './keys.ts';

const table = useTable();
let world: ConfigWorld;
beforeAll(() => {
  world = createConfigWorld(table);
});

const NAME_TAKEN = { type: 'name-taken' };

describe('Names', () => {
  it('belong to one template', async () => {
    const { name, storage } = await world.aTemplate();
    expect(await world.templates.create(await world.templateInput({ name, storage }))).toEqual(NAME_TAKEN);
  });

  it('belong to one of many that ask at the same time', async () => {
    const input = await world.templateInput({ name: world.unique('same') });
    const made = await Promise.all([1, 2, 3, 4, 5].map(() => world.templates.create(input)));
    expect(made.filter(({ type }) => type === 'created')).toHaveLength(1);
  });

  it('are free again after a removal or a change of name', async () => {
    const { templates } = world;
    const { templateId, name, storage, createdAt } = await world.aTemplate();
    const renamed = await world.templateInput({ name: world.unique('renamed'), storage });
    expect(await templates.replace(templateId, renamed)).toMatchObject({
      type: 'replaced',
      template: { name: renamed.name, createdAt },
    });
    await world.aTemplate({ name, storage });
    expect(await templates.remove(templateId)).toMatchObject({ type: 'removed' });
    await world.aTemplate({ name: renamed.name, storage });
  });

  it('can be taken back by the same template', async () => {
    const { templates } = world;
    const { templateId, storage, name } = await world.aTemplate();
    await templates.replace(templateId, await world.templateInput({ storage }));
    const back = await world.templateInput({ name, storage });
    expect(await templates.replace(templateId, back)).toMatchObject({ type: 'replaced' });
    expect(await templates.create(back)).toEqual(NAME_TAKEN);
  });

  it('stay with a template that two changes give the same new name at the same time', async () => {
    const { templates } = world;
    for (let round = 0; round < 10; round += 1) {
      const { templateId, storage } = await world.aTemplate();
      const input = await world.templateInput({ storage });
      const { version = '' } = (await templates.getVersioned(templateId)) ?? {};
      const changes = await Promise.all([1, 2].map(() => templates.replace(templateId, input, version)));
      expect(changes.map(({ type }) => type).sort()).toEqual(['changed', 'replaced']);
      expect(await templates.create(input)).toEqual(NAME_TAKEN);
      world.later();
      expect(await templates.create(input)).toEqual(NAME_TAKEN);
    }
  });

  it('are freed when the template turns out to be impossible', async () => {
    const { templates } = world;
    const name = world.unique('free');
    const impossible = await world.templateInput({ name, storage: { primary: 'sto_none' } });
    expect(await templates.create(impossible)).toMatchObject({ type: 'references-missing' });
    await world.aTemplate({ name });
  });

  it('claimed by a request that never came to its end are free after a minute', async () => {
    const { templates, sources } = world;
    const input = await world.templateInput({ name: world.unique('orphan') });
    const begunAt = sources.now().toISOString();
    const claim = { ownerId: 'tpl_gone', claimId: 'x', begunAt };
    await world.put({ pk: `NAME#TEMPLATE#${input.name}`, sk: 'NAME', ...claim });
    expect(await templates.create(input)).toEqual(NAME_TAKEN);
    world.later();
    expect(await templates.create(input)).toMatchObject({ type: 'created' });
    world.later();
    expect(await templates.create(input)).toEqual(NAME_TAKEN);
  });
});

describe('References of a template', () => {
  it('that are not there are all named', async () => {
    const { primary } = (await world.aTemplate()).storage;
    const input = await world.templateInput({
      content: 'transcoded',
      watermarkId: 'wmk_none',
      transcodeId: 'trc_none',
      storage: { primary, backup: 'sto_none' },
      formats: { hls: { segmentSeconds: 10, resumptionTimeout: 0 }, mp4: { maxMinutes: 30 } },
      postProcessing: { hls: { orchestrationId: 'orc_none' }, mp4: { orchestrationId: 'orc_none' } },
    });
    const refused = await world.templates.create(input);
    const missing = refused.type === 'references-missing' ? refused.missing : expect.fail(refused.type);
    expect(missing.map(({ field }) => field)).toEqual([
      'storage.backup',
      'watermarkId',
      'transcodeId',
      'postProcessing.hls.orchestrationId',
      'postProcessing.mp4.orchestrationId',
    ]);
    // Nothing stays behind that would keep the storage that is there.
    expect(await world.storages.remove(primary)).toMatchObject({
      type: 'in-use',
      usedBy: [expect.any(String)],
    });
  });

  it('are used once each, whatever kind they are, until the template refers to something else', async () => {
    const { templates, storages } = world;
    const [primary, backup] = [await world.aStorage('eu-central-1'), await world.aStorage('eu-west-1')];
    await world.put({ ...watermarkKey('wmk_1'), writeId: '1' });
    await world.put({ ...transcodeKey('trc_1'), ...transcodeWith('trc_1'), writeId: '1' });
    const { orchestrationId } = await world.anOrchestration();
    const { templateId } = await world.aTemplate({
      content: 'transcoded',
      watermarkId: 'wmk_1',
      transcodeId: 'trc_1',
      storage: { primary: primary.storageId, backup: backup.storageId },
      formats: { hls: { segmentSeconds: 10, resumptionTimeout: 0 }, mp4: { maxMinutes: 30 } },
      postProcessing: { hls: { orchestrationId }, mp4: { orchestrationId } },
    });
    world.later();
    for (const { storageId } of [primary, backup]) {
      expect(await storages.remove(storageId)).toEqual({ type: 'in-use', usedBy: [templateId] });
    }
    const plain = await world.templateInput({ storage: { primary: backup.storageId } });
    expect(await templates.replace(templateId, plain)).toMatchObject({ type: 'replaced' });
    expect(await storages.remove(primary.storageId)).toMatchObject({ type: 'removed' });
    world.later();
    expect(await storages.remove(backup.storageId)).toEqual({ type: 'in-use', usedBy: [templateId] });
    await templates.remove(templateId);
    expect(await storages.remove(backup.storageId)).toMatchObject({ type: 'removed' });
  });

  it('to a backup storage in the same region are refused', async () => {
    const [primary, backup] = [await world.aStorage('eu-west-1'), await world.aStorage('eu-west-1')];
    const storage = { primary: primary.storageId, backup: backup.storageId };
    const input = await world.templateInput({ storage });
    expect(await world.templates.create(input)).toEqual({ type: 'same-region', region: 'eu-west-1' });
    for (const { storageId } of [primary, backup]) {
      expect(await world.storages.remove(storageId)).toMatchObject({ type: 'removed' });
    }
  });
});

describe('Versions of a template', () => {
  it('let one of two editors through, whoever is the faster', async () => {
    const { templates } = world;
    const { templateId, storage } = await world.aTemplate();
    const { version = '' } = (await templates.getVersioned(templateId)) ?? {};
    const inputs = await Promise.all([1, 2, 3].map(() => world.templateInput({ storage })));
    const changes = await Promise.all(inputs.map((input) => templates.replace(templateId, input, version)));
    expect(changes.map(({ type }) => type).sort()).toEqual(['changed', 'changed', 'replaced']);
    const winner = changes.findIndex(({ type }) => type === 'replaced');
    expect(await templates.get(templateId)).toMatchObject({ name: inputs[winner]?.name });
    // The names that the others wanted are free at once.
    for (const input of inputs.filter((_, index) => index !== winner)) {
      expect(await templates.create(input)).toMatchObject({ type: 'created' });
    }
  });

  it('stay when a removal is refused', async () => {
    const { templates } = world;
    const [{ domain }, { templateId, storage }] = [await world.aDomain(), await world.aTemplate()];
    await world.aRule({ domain, templateId });
    const { version = '' } = (await templates.getVersioned(templateId)) ?? {};
    expect(await templates.remove(templateId, version)).toMatchObject({ type: 'in-use' });
    const input = await world.templateInput({ storage });
    expect(await templates.replace(templateId, input, version)).toMatchObject({ type: 'replaced' });
    expect(await templates.remove(templateId, version)).toEqual({ type: 'changed' });
  });

  it('of templates that are gone match nothing', async () => {
    const { templates } = world;
    const { templateId, storage } = await world.aTemplate();
    const { version = '' } = (await templates.getVersioned(templateId)) ?? {};
    await templates.remove(templateId, '*');
    expect(await templates.getVersioned(templateId)).toBeUndefined();
    expect(await templates.remove(templateId, version)).toEqual({ type: 'missing' });
    const input = await world.templateInput({ storage });
    expect(await templates.replace(templateId, input, version)).toEqual({ type: 'missing' });
  });
});
