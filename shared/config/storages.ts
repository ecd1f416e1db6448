import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type Storage, type StorageInput, type StorageView, storageSchema } from '../schemas/storage.ts';
import type { Page } from '../table/pages.ts';
import { succeeds, type Table } from '../table/table.ts';
import { createDefaultStorage } from './default-storage.ts';
import {
  getItem,
  IS_AS_SEEN_OR_MINE,
  type Item,
  isExpected,
  listed,
  type Sources,
  systemSources,
} from './items.ts';
import { storageKey } from './keys.ts';
import { listPage, type PageRequest } from './lists.ts';
import { createNames } from './names.ts';
import { createReferences, type Removal } from './references.ts';
import { storageUses } from './uses.ts';

const LIST = 'STORAGES';
const itemSchema = z.object(storageSchema.shape);
/** Which claim is its own, and its version: the lock for its next change. */
const heldSchema = z.object({ nameClaim: z.string(), writeId: z.string() });
type Held = z.infer<typeof heldSchema>;

export interface VersionedStorage {
  readonly storage: StorageView;
  readonly version: string;
}

export type StorageCreation = ({ type: 'created' } & VersionedStorage) | { type: 'name-taken' };
export type StorageChange =
  | ({ type: 'replaced' } & VersionedStorage)
  | { type: 'missing' }
  /** Somebody changed it meanwhile, or it is not the version that was expected. */
  | { type: 'changed' }
  | { type: 'name-taken' }
  /** Its bucket or region was to change, and templates record to it: the first few of them. */
  | { type: 'in-use'; usedBy: readonly string[] };

/** Being the default is part of what callers see, so it is part of the version, although another item says it. */
const DEFAULT = '.default';
const versioned = (storage: Storage, writeId: string, isDefault: boolean): VersionedStorage => ({
  storage: { ...storage, default: isDefault },
  version: isDefault ? `${writeId}${DEFAULT}` : writeId,
});

const isMoved = (before: Storage, input: StorageInput): boolean =>
  before.bucket !== input.bucket || before.region !== input.region;

export const createStorages = (table: Table, sources: Sources = systemSources) => {
  const { client, tableName } = table;
  const references = createReferences(table, sources);
  const defaultStorage = createDefaultStorage(table);
  const names = createNames(table, sources, 'STORAGE', async ({ ownerId, claimId }) => {
    const item = await getItem(table, storageKey(ownerId));
    return item !== undefined && heldSchema.parse(item).nameClaim === claimId;
  });

  const itemOf = (storage: Storage, held: Held): Item => ({
    ...storageKey(storage.storageId),
    ...storage,
    ...listed(LIST, storage.name),
    ...held,
  });

  const get = async (storageId: string): Promise<Storage | undefined> => {
    const item = await getItem(table, storageKey(storageId));
    return item === undefined ? undefined : itemSchema.parse(item);
  };

  /** The one that tasks without a template record to. */
  const getDefault = async (): Promise<Storage | undefined> => {
    const storageId = await defaultStorage.get();
    return storageId === undefined ? undefined : get(storageId);
  };

  const readAll = async (storageId: string): Promise<(VersionedStorage & { held: Held }) | undefined> => {
    const [item, defaultId] = await Promise.all([
      getItem(table, storageKey(storageId)),
      defaultStorage.get(),
    ]);
    if (item === undefined) return undefined;
    const held = heldSchema.parse(item);
    return { ...versioned(itemSchema.parse(item), held.writeId, defaultId === storageId), held };
  };

  /** With the version that its next change must name. */
  const getVersioned = async (storageId: string): Promise<VersionedStorage | undefined> => {
    const found = await readAll(storageId);
    return found && { storage: found.storage, version: found.version };
  };

  /** By name. */
  const list = async (page: PageRequest): Promise<Page<StorageView>> => {
    const [{ items, cursor }, defaultId] = await Promise.all([
      listPage(table, { list: LIST, schema: itemSchema }, page),
      defaultStorage.get(),
    ]);
    return { items: items.map((item) => ({ ...item, default: item.storageId === defaultId })), cursor };
  };

  /** Takes in a storage that has just been checked. */
  const create = async ({ default: wanted, ...input }: StorageInput): Promise<StorageCreation> => {
    const storageId = `sto_${sources.id()}`;
    const nameClaim = sources.id();
    if (!(await names.claim(input.name, { ownerId: storageId, claimId: nameClaim }))) {
      return { type: 'name-taken' };
    }
    const at = sources.now().toISOString();
    const storage = { ...input, storageId, checkedAt: at, createdAt: at };
    const writeId = sources.id();
    await client.send(
      new PutCommand({ TableName: tableName, Item: itemOf(storage, { nameClaim, writeId }) }),
    );
    const isDefault = await defaultStorage.choose(storageId, wanted, { isNew: true });
    return { type: 'created', ...versioned(storage, writeId, isDefault) };
  };

  /** Writes over the version `seen`; when it `moves`, only while nobody uses it. */
  const overwrite = async (
    storage: Storage,
    held: Held,
    seen: string,
    moves: boolean,
  ): Promise<{ type: 'written' } | Exclude<StorageChange, { type: 'replaced' }>> => {
    let condition = IS_AS_SEEN_OR_MINE;
    const values: Record<string, string> = { ':seen': seen, ':mine': held.writeId };
    if (moves) {
      const hold = await references.holdUnused(
        storageKey(storage.storageId),
        (use) => storageUses(table, use),
        seen,
      );
      if (hold.type !== 'held') return hold;
      condition = '(deletionId = :held AND writeId = :seen) OR writeId = :mine';
      values[':held'] = hold.deletionId;
    }
    const isWritten = await succeeds(
      client.send(
        new PutCommand({
          TableName: tableName,
          Item: itemOf(storage, held),
          ConditionExpression: condition,
          ExpressionAttributeValues: values,
        }),
      ),
    );
    return { type: isWritten ? 'written' : 'changed' };
  };

  /**
   * Replaces everything but id and creation time, after a check. Running recordings keep what they started with, and
   * bucket and region stay while templates use it. `expected`: its version, `*` or undefined: whatever it is.
   */
  const replace = async (
    storageId: string,
    { default: wanted, ...input }: StorageInput,
    expected?: string,
  ): Promise<StorageChange> => {
    const before = await readAll(storageId);
    if (before === undefined) return { type: 'missing' };
    if (!isExpected(before.version, expected)) return { type: 'changed' };
    const isRenamed = before.storage.name !== input.name;
    const nameClaim = isRenamed ? sources.id() : before.held.nameClaim;
    const claim = { ownerId: storageId, claimId: nameClaim };
    if (isRenamed && !(await names.claim(input.name, claim))) return { type: 'name-taken' };
    const { createdAt } = before.storage;
    const storage = { ...input, storageId, checkedAt: sources.now().toISOString(), createdAt };
    const held = { nameClaim, writeId: sources.id() };
    const moves = isMoved(before.storage, input);
    const written = await overwrite(storage, held, before.held.writeId, moves);
    if (written.type !== 'written') {
      // It may have been written for a moment, and its name be kept by whoever wrote after it.
      const now = isRenamed ? await readAll(storageId) : undefined;
      if (isRenamed && now?.held.nameClaim !== nameClaim) await names.release(input.name, claim);
      return written;
    }
    if (isRenamed) {
      await names.release(before.storage.name, { ownerId: storageId, claimId: before.held.nameClaim });
    }
    const isDefault = await defaultStorage.choose(storageId, wanted, { isNew: false });
    return { type: 'replaced', ...versioned(storage, held.writeId, isDefault) };
  };

  /** Notes that the storage stood a check now; undefined when it is gone. */
  const checked = async (storageId: string): Promise<VersionedStorage | undefined> => {
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
    return found ? getVersioned(storageId) : undefined;
  };

  /** Refused while templates record to it, or orchestrations write to it. `expected` as for `replace`. */
  const remove = async (storageId: string, expected?: string): Promise<Removal> => {
    const isDefault = (await defaultStorage.get()) === storageId;
    if (expected !== undefined && expected !== '*' && expected.endsWith(DEFAULT) !== isDefault) {
      return { type: (await get(storageId)) === undefined ? 'missing' : 'changed' };
    }
    const removal = await references.removeUnused(
      storageKey(storageId),
      (use) => storageUses(table, use),
      expected?.replace(DEFAULT, ''),
    );
    if (removal.type === 'removed') {
      const { name, nameClaim } = itemSchema.extend({ nameClaim: z.string() }).parse(removal.item);
      await names.release(name, { ownerId: storageId, claimId: nameClaim });
      if (isDefault) await defaultStorage.clear(storageId);
    }
    return removal;
  };

  return { get, getVersioned, getDefault, list, create, replace, checked, remove };
};
export type Storages = ReturnType<typeof createStorages>;
