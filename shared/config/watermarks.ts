import { WATERMARKS_PREFIX } from '../constants.ts';
import { LONGEST_RECORDING_MINUTES } from '../schemas/template.ts';
import { type Watermark, type WatermarkInput, watermarkSchema } from '../schemas/watermark.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import { createLooseImages } from '../table/loose-images.ts';
import type { Table } from '../table/table.ts';
import { type Sources, systemSources } from './items.ts';
import { watermarkKey } from './keys.ts';
import { createNamedItems, type ItemChange, type ItemCreation, type ItemRemoval } from './named-items.ts';
import { createReferences } from './references.ts';
import { createTemplateUsers } from './template-users.ts';
import { type ImageFault, resolveImages, type Upload } from './watermark-images.ts';

const HOUR_MS = 3_600_000;

/** Long after a write that was begun must have ended: until then an image may be named that is not named yet. */
const UPLOAD_HOURS = 1;
/**
 * A recording that begins in the moment in which an image goes out of use may need it until its end: whenever another
 * recorder takes over. None that has a watermark lasts longer than this; a day more is for the moment itself.
 */
const KEEP_HOURS = LONGEST_RECORDING_MINUTES / 60 + 24;

type Faulty = { readonly type: 'faulty'; readonly faults: readonly ImageFault[] };
export type WatermarkCreation = ItemCreation<Watermark> | Faulty;
export type WatermarkChange = ItemChange<Watermark> | Faulty;

const kind = {
  kind: 'WATERMARK',
  schema: watermarkSchema,
  keyOf: watermarkKey,
  idOf: ({ watermarkId }: Watermark) => watermarkId,
};

/** Watermarks. One that is deleted is missed by nobody: recordings go on without it, and say so. */
export const createWatermarks = (
  table: Table,
  /** This installation's own bucket. */
  store: Pick<ObjectStore, 'put'>,
  sources: Sources = systemSources,
) => {
  const items = createNamedItems(table, sources, kind);
  const users = createTemplateUsers(table, createReferences(table, sources));
  const loose = createLooseImages(table);

  const lookAt = async (watermarkId: string, keys: readonly string[], hours: number): Promise<void> => {
    const dueAt = new Date(sources.now().getTime() + hours * HOUR_MS).toISOString();
    await Promise.all(keys.map((key) => loose.put({ watermarkId, key, dueAt })));
  };

  /** The obligation comes first: an image that no watermark gets to name is deleted. */
  const upload = async (watermarkId: string, uploads: readonly Upload[]): Promise<void> => {
    const keys = uploads.map(({ key }) => key);
    await lookAt(watermarkId, keys, UPLOAD_HOURS);
    await Promise.all(
      uploads.map(({ key, picture: { bytes, contentType } }) => store.put(key, bytes, { contentType })),
    );
  };

  const newFolder = (): string => `${WATERMARKS_PREFIX}${sources.id()}`;

  const create = async ({ name, images: inputs }: WatermarkInput): Promise<WatermarkCreation> => {
    const resolved = resolveImages(inputs, [], newFolder());
    if (resolved.type !== 'resolved') return resolved;
    const watermarkId = `wmk_${sources.id()}`;
    await upload(watermarkId, resolved.uploads);
    const at = sources.now().toISOString();
    return items.create({ watermarkId, name, images: [...resolved.images], createdAt: at, updatedAt: at });
  };

  /**
   * Replaces everything but id and creation time. Running recordings keep what they started with. `expected`: its
   * version, `*` or undefined: whatever it is.
   */
  const replace = async (
    watermarkId: string,
    { name, images: inputs }: WatermarkInput,
    expected?: string,
  ): Promise<WatermarkChange> => {
    const seen = await items.expectSeen(watermarkId, expected);
    if (seen.type !== 'seen') return seen;
    const before = seen.item;
    const resolved = resolveImages(inputs, before.images, newFolder());
    if (resolved.type !== 'resolved') return resolved;
    const images = [...resolved.images];
    await upload(watermarkId, resolved.uploads);
    const kept = new Set(images.map(({ key }) => key));
    const dropped = before.images.map(({ key }) => key).filter((key) => !kept.has(key));
    // Before they go out of use: afterwards nobody might be there to say it.
    await lookAt(watermarkId, dropped, KEEP_HOURS);
    const { createdAt } = before;
    const updatedAt = sources.now().toISOString();
    return items.replace(seen, { watermarkId, name, images, createdAt, updatedAt });
  };

  const remove = async (watermarkId: string, expected?: string): Promise<ItemRemoval<Watermark>> => {
    const seen = await items.expectSeen(watermarkId, expected);
    if (seen.type !== 'seen') return seen;
    const keys = seen.item.images.map(({ key }) => key);
    await lookAt(watermarkId, [...new Set(keys)], KEEP_HOURS);
    return items.remove(seen);
  };

  return {
    get: items.get,
    list: items.list,
    create,
    replace,
    remove,
    /** Ids of the first few templates that refer to it. */
    usedBy: (watermarkId: string): Promise<string[]> => users.idsOf(watermarkKey(watermarkId)),
  };
};
export type Watermarks = ReturnType<typeof createWatermarks>;
