import { STANDBYS_PREFIX } from '../constants.ts';
import { type Standby, type StandbyInput, standbySchema } from '../schemas/standby.ts';
import { LONGEST_RECORDING_MINUTES } from '../schemas/template.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import { createLooseImages } from '../table/loose-images.ts';
import type { Table } from '../table/table.ts';
import { type Sources, systemSources } from './items.ts';
import { standbyKey } from './keys.ts';
import { createNamedItems, type ItemChange, type ItemCreation } from './named-items.ts';
import { createReferences, type Removal, type Use } from './references.ts';
import { type ResolvedStandby, resolveStandby } from './standby-file.ts';
import { domainUses } from './uses.ts';

const HOUR_MS = 3_600_000;
/** As for the images of watermarks. */
const UPLOAD_HOURS = 1;
const KEEP_HOURS = LONGEST_RECORDING_MINUTES / 60 + 24;

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
  const loose = createLooseImages(table);
  const isUsedBy = (use: Use): Promise<boolean> => domainUses(table, use);

  const lookAt = async (standbyId: string, key: string, hours: number): Promise<void> => {
    const dueAt = new Date(sources.now().getTime() + hours * HOUR_MS).toISOString();
    await loose.put({ standbyId, key, dueAt });
  };

  const newFolder = (): string => `${STANDBYS_PREFIX}${sources.id()}`;

  /** The obligation comes first: what is not named in the end is deleted. */
  const upload = async (
    standbyId: string,
    { file, upload: bytes }: Extract<ResolvedStandby, { type: 'resolved' }>,
  ): Promise<void> => {
    if (bytes === undefined) return;
    await lookAt(standbyId, file.key, UPLOAD_HOURS);
    await store.put(file.key, bytes, { contentType: file.contentType });
  };

  const create = async ({ name, ...input }: StandbyInput): Promise<StandbyCreation> => {
    const resolved = resolveStandby(input, undefined, newFolder());
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
    const resolved = resolveStandby(input, before, newFolder());
    if (resolved.type !== 'resolved') return resolved;
    await upload(standbyId, resolved);
    // Before it goes out of use: afterwards nobody might be there to say it.
    if (resolved.file.key !== before.key) await lookAt(standbyId, before.key, KEEP_HOURS);
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
    await lookAt(standbyId, seen.item.key, KEEP_HOURS);
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
