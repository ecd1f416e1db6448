import { getItem } from '../config/items.ts';
import { watermarkKey } from '../config/keys.ts';
import { watermarkSchema } from '../schemas/watermark.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import { createLooseImages, type LooseImage } from '../table/loose-images.ts';
import type { Table } from '../table/table.ts';

export interface ImageDeletionPorts {
  readonly table: Table;
  /** This installation's own bucket. */
  readonly store: Pick<ObjectStore, 'delete'>;
  now(): Date;
}

export type ImageOutcome =
  | 'deleted'
  /** Its watermark names it. */
  | 'named'
  /** There is nothing to do, yet or any more. */
  | 'void';

/**
 * Deletes an image that its watermark does not name, once nothing can need it. Safe to repeat. An image that is named
 * by no watermark will never be named again: each write puts its images under names of their own.
 * @throws StorageError when the bucket does not let it go
 */
export const deleteImage = async (
  { table, store, now }: ImageDeletionPorts,
  { key, watermarkId }: Pick<LooseImage, 'key' | 'watermarkId'>,
): Promise<ImageOutcome> => {
  const loose = createLooseImages(table);
  const item = await getItem(table, watermarkKey(watermarkId));
  const isNamed = item !== undefined && watermarkSchema.parse(item).images.some((image) => image.key === key);
  // Read after the watermark: whoever has just taken the image out of it has put this anew before.
  const obligation = await loose.get(key);
  if (obligation === undefined || Date.parse(obligation.dueAt) > now().getTime()) return 'void';
  if (!isNamed) await store.delete(key);
  await loose.remove(obligation);
  return isNamed ? 'named' : 'deleted';
};
