import { WATERMARKS_PREFIX } from '../constants.ts';
import { type Watermark, type WatermarkInput, watermarkSchema } from '../schemas/watermark.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import type { Table } from '../table/table.ts';
import { type Sources, systemSources } from './items.ts';
import { createKeptFiles } from './kept-files.ts';
import { watermarkKey } from './keys.ts';
import { createNamedItems, type ItemChange, type ItemCreation, type ItemRemoval } from './named-items.ts';
import { createReferences } from './references.ts';
import { createTemplateUsers } from './template-users.ts';
import { type ImageFault, resolveImages, type Upload } from './watermark-images.ts';

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
  const kept = createKeptFiles(table, store, sources, WATERMARKS_PREFIX);

  const upload = (watermarkId: string, uploads: readonly Upload[]): Promise<void> =>
    kept.upload(
      { watermarkId },
      uploads.map(({ key, picture: { bytes, contentType } }) => ({ key, bytes, contentType })),
    );

  const create = async ({ name, images: inputs }: WatermarkInput): Promise<WatermarkCreation> => {
    const resolved = resolveImages(inputs, [], kept.newFolder());
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
    const resolved = resolveImages(inputs, before.images, kept.newFolder());
    if (resolved.type !== 'resolved') return resolved;
    const images = [...resolved.images];
    await upload(watermarkId, resolved.uploads);
    const named = new Set(images.map(({ key }) => key));
    const dropped = before.images.map(({ key }) => key).filter((key) => !named.has(key));
    await kept.outOfUse({ watermarkId }, dropped);
    const { createdAt } = before;
    const updatedAt = sources.now().toISOString();
    return items.replace(seen, { watermarkId, name, images, createdAt, updatedAt });
  };

  const remove = async (watermarkId: string, expected?: string): Promise<ItemRemoval<Watermark>> => {
    const seen = await items.expectSeen(watermarkId, expected);
    if (seen.type !== 'seen') return seen;
    const keys = seen.item.images.map(({ key }) => key);
    await kept.outOfUse({ watermarkId }, [...new Set(keys)]);
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
