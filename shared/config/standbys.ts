import { STANDBYS_PREFIX } from '../constants.ts';
import { type Standby, type StandbyInput, standbySchema } from '../schemas/standby.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import type { Table } from '../table/table.ts';
import { type Sources, systemSources } from './items.ts';
import { createKeptFiles } from './kept-files.ts';
import { standbyKey } from './keys.ts';
import { createNamedItems, type ItemChange, type ItemCreation } from './named-items.ts';
import { createReferences, type Removal, type Use } from './references.ts';
import { type ResolvedStandby, resolveStandby } from './standby-file.ts';
import { domainUses } from './uses.ts';

type Faulty = Extract<ResolvedStandby, { type: 'faulty' }>;
export type StandbyCreation = ItemCreation<Standby> | Faulty;
export type StandbyChange = ItemChange<Standby> | Faulty;

const kind = {
  kind: 'STANDBY',
  schema: standbySchema,
  keyOf: standbyKey,
  idOf: ({ standbyId }: Standby) => standbyId,
};

/** Standby content, which domains name, as a whole or for single streams. */
export const createStandbys = (
  table: Table,
  /** This installation's own bucket. */
  store: Pick<ObjectStore, 'put'>,
  sources: Sources = systemSources,
) => {
  const items = createNamedItems(table, sources, kind);
  const references = createReferences(table, sources);
  const kept = createKeptFiles(table, store, sources, STANDBYS_PREFIX);
  const isUsedBy = (use: Use): Promise<boolean> => domainUses(table, use);

  const upload = async (
    standbyId: string,
    { file: { key, contentType }, upload: bytes }: Extract<ResolvedStandby, { type: 'resolved' }>,
  ): Promise<void> => {
    if (bytes !== undefined) await kept.upload({ standbyId }, [{ key, contentType, bytes }]);
  };

  const create = async ({ name, ...input }: StandbyInput): Promise<StandbyCreation> => {
    const resolved = resolveStandby(input, undefined, kept.newFolder());
    if (resolved.type !== 'resolved') return resolved;
    const standbyId = `stb_${sources.id()}`;
    await upload(standbyId, resolved);
    const at = sources.now().toISOString();
    return items.create({ ...resolved.file, standbyId, name, createdAt: at, updatedAt: at });
  };

  /** Replaces everything but id and creation time. Running recordings keep what they started with. */
  const replace = async (
    standbyId: string,
    { name, ...input }: StandbyInput,
    expected?: string,
  ): Promise<StandbyChange> => {
    const seen = await items.expectSeen(standbyId, expected);
    if (seen.type !== 'seen') return seen;
    const before = seen.item;
    const resolved = resolveStandby(input, before, kept.newFolder());
    if (resolved.type !== 'resolved') return resolved;
    await upload(standbyId, resolved);
    if (resolved.file.key !== before.key) await kept.outOfUse({ standbyId }, [before.key]);
    const { createdAt } = before;
    const updatedAt = sources.now().toISOString();
    return items.replace(seen, { ...resolved.file, standbyId, name, createdAt, updatedAt });
  };

  /** Refused while domains name it. */
  const remove = async (
    standbyId: string,
    expected?: string,
  ): Promise<Exclude<Removal, { type: 'removed' }> | { type: 'removed' }> => {
    const held = await references.holdUnused(standbyKey(standbyId), isUsedBy, expected);
    if (held.type !== 'held') return held;
    const seen = await items.expectSeen(standbyId, undefined);
    if (seen.type !== 'seen') return seen;
    await kept.outOfUse({ standbyId }, [seen.item.key]);
    return items.remove(seen);
  };

  return {
    get: items.get,
    list: items.list,
    create,
    replace,
    remove,
    /** The first few domains that name it. */
    usedBy: (standbyId: string): Promise<string[]> => references.usersOf(standbyKey(standbyId), isUsedBy),
  };
};
export type Standbys = ReturnType<typeof createStandbys>;
