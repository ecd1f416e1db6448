import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { z } from 'zod';
import { type Storage, type StorageInput, storageSchema } from '../schemas/storage.ts';
import type { Page } from '../table/pages.ts';
import { succeeds, type Table } from '../table/table.ts';
import { getItem, listed, type Sources, systemSources } from './items.ts';
import { storageKey } from './keys.ts';
import { listPage, type PageRequest } from './lists.ts';
import { createNames } from './names.ts';
import { createReferences, type Removal } from './references.ts';
import { templateUses } from './uses.ts';

const LIST = 'STORAGES';
const itemSchema = z.object(storageSchema.shape);
const namedSchema = itemSchema.extend({ nameClaim: z.string() });

export const createStorages = (table: Table, sources: Sources = systemSources) => {
  const { client, tableName } = table;
  const references = createReferences(table, sources);
  const names = createNames(table, sources, 'STORAGE', async ({ ownerId, claimId }) => {
    const item = await getItem(table, storageKey(ownerId));
    return item !== undefined && namedSchema.parse(item).nameClaim === claimId;
  });

  const get = async (storageId: string): Promise<Storage | undefined> => {
    const item = await getItem(table, storageKey(storageId));
    return item === undefined ? undefined : itemSchema.parse(item);
  };

  /** By name. */
  const list = (page: PageRequest): Promise<Page<Storage>> =>
    listPage(table, { list: LIST, schema: itemSchema }, page);

  /** Takes in a storage that has just been checked; undefined when its name is taken. */
  const create = async (input: StorageInput): Promise<Storage | undefined> => {
    const storageId = `sto_${sources.id()}`;
    const claimId = sources.id();
    if (!(await names.claim(input.name, { ownerId: storageId, claimId }))) return undefined;
    const at = sources.now().toISOString();
    const storage = { ...input, storageId, checkedAt: at, createdAt: at };
    await client.send(
      new PutCommand({
        TableName: tableName,
        Item: {
          ...storageKey(storageId),
          ...storage,
          ...listed(LIST, input.name),
          nameClaim: claimId,
          writeId: sources.id(),
        },
      }),
    );
    return storage;
  };

  /** Notes that the storage stood a check now; undefined when it is gone. */
  const checked = async (storageId: string): Promise<Storage | undefined> => {
    const found = await succeeds(
      client.send(
        new UpdateCommand({
          TableName: tableName,
          Key: storageKey(storageId),
          UpdateExpression: 'SET checkedAt = :now',
          ConditionExpression: 'attribute_exists(pk)',
          ExpressionAttributeValues: { ':now': sources.now().toISOString() },
        }),
      ),
    );
    return found ? get(storageId) : undefined;
  };

  /** Refused while templates record to it. */
  const remove = async (storageId: string): Promise<Removal> => {
    const removal = await references.removeUnused(storageKey(storageId), (use) => templateUses(table, use));
    if (removal.type === 'removed') {
      const { name, nameClaim } = namedSchema.parse(removal.item);
      await names.release(name, { ownerId: storageId, claimId: nameClaim });
    }
    return removal;
  };

  return { get, list, create, checked, remove };
};
export type Storages = ReturnType<typeof createStorages>;
