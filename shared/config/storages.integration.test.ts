import { describe, expect, it } from 'vitest';
import { useTable } from '../../test/support/table.ts';
import type { Storage, StorageInput } from '../schemas/storage.ts';
import { templateInputSchema } from '../schemas/template.ts';
import { systemSources } from './items.ts';
import { storageKey } from './keys.ts';
import { createReferences } from './references.ts';
import { createStorages } from './storages.ts';
import { createTemplates } from './templates.ts';

const table = useTable();

let count = 0;
const input = (more: Partial<StorageInput> = {}): StorageInput => {
  count += 1;
  return { name: `store-${count}`, bucket: 'my-bucket', region: 'eu-central-1', ...more };
};
const storages = () => createStorages(table);
const aStorage = async (more: Partial<StorageInput> = {}) => {
  const made = await storages().create(input(more));
  if (made.type !== 'created') throw new Error(made.type);
  return made;
};
const aTemplate = ({ storageId }: Pick<Storage, 'storageId'>) => {
  count += 1;
  const template = { name: `template-${count}`, formats: { mp4: {} }, storage: { primary: storageId } };
  return createTemplates(table).create(templateInputSchema.parse(template));
};

describe('Storages', () => {
  it('keep templates from beginning to use them while their bucket changes', async () => {
    const { storage, version } = await aStorage();
    const hold = await createReferences(table, systemSources).holdUnused(
      storageKey(storage.storageId),
      async () => false,
    );
    expect(hold.type).toBe('held');
    expect((await aTemplate(storage)).type).toBe('references-missing');
    const moved = await storages().replace(storage.storageId, input({ bucket: 'other' }), version);
    expect(moved).toMatchObject({ type: 'replaced', storage: { bucket: 'other' } });
    expect((await aTemplate(storage)).type).toBe('created');
  });

  it('do not change their bucket or region when somebody began to use them', async () => {
    const { storage, version } = await aStorage();
    const { name } = storage;
    const made = await aTemplate(storage);
    const templateId = made.type === 'created' ? made.template.templateId : '';
    const refused = { type: 'in-use', usedBy: [templateId] };
    const { storageId } = storage;
    expect(await storages().replace(storageId, input({ bucket: 'other' }), version)).toEqual(refused);
    expect(await storages().replace(storageId, input({ name, region: 'eu-west-1' }), version)).toEqual(
      refused,
    );
    expect(await storages().getVersioned(storageId)).toEqual({ storage, version });
    expect(await storages().replace(storageId, input({ name, forcePathStyle: true }), version)).toMatchObject(
      {
        type: 'replaced',
      },
    );
  });

  it('are changed by one of several at the same time', async () => {
    const { storage, version } = await aStorage();
    const changes = await Promise.all(
      Array.from({ length: 5 }, (_, index) =>
        storages().replace(
          storage.storageId,
          input({ bucket: index % 2 === 0 ? 'even' : storage.bucket }),
          version,
        ),
      ),
    );
    expect(changes.filter(({ type }) => type === 'replaced').length).toBeLessThanOrEqual(1);
    const latest = await storages().getVersioned(storage.storageId);
    const winner = changes.find((change) => change.type === 'replaced');
    if (winner?.type === 'replaced')
      expect(latest).toEqual({ storage: winner.storage, version: winner.version });
  });

  it('give the default one to whoever asks, until it is gone', async () => {
    const first = await aStorage({ default: true });
    const { default: _, ...plain } = first.storage;
    expect(await storages().getDefault()).toEqual(plain);
    const { storage } = await aStorage({ default: true, credentials: { type: 'secret', secretId: 'keys' } });
    expect(await storages().getDefault()).toMatchObject({ storageId: storage.storageId, name: storage.name });
    expect(await storages().remove(first.storage.storageId, first.version)).toEqual({ type: 'changed' });
    expect((await storages().remove(storage.storageId)).type).toBe('removed');
    expect(await storages().getDefault()).toBeUndefined();
  });
});
