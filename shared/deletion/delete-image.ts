import { getItem } from '../config/items.ts';
import { standbyKey, watermarkKey } from '../config/keys.ts';
import { standbySchema } from '../schemas/standby.ts';
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
  /** What it was uploaded for names it. */
  | 'named'
  /** There is nothing to do, yet or any more. */
  | 'void';

type Image = Omit<LooseImage, 'dueAt'>;

const isNamed = async (table: Table, { key, watermarkId, standbyId }: Image): Promise<boolean> => {
  if (watermarkId !== undefined) {
    const item = await getItem(table, watermarkKey(watermarkId));
    return item !== undefined && watermarkSchema.parse(item).images.some((image) => image.key === key);
  }
  const item = standbyId === undefined ? undefined : await getItem(table, standbyKey(standbyId));
  return item !== undefined && standbySchema.parse(item).key === key;
};

/**
 * Deletes an image, or standby content, that nobody names, once nothing can need it. Safe to repeat. What is named by
 * nobody will never be named again: each write puts its images under names of their own.
 * @throws StorageError when the bucket does not let it go
 */
export const deleteImage = async (
  { table, store, now }: ImageDeletionPorts,
  image: Image,
): Promise<ImageOutcome> => {
  const loose = createLooseImages(table);
  const { key } = image;
  const named = await isNamed(table, image);
  // Read after that: whoever has just taken the image out of use has put this anew before.
  const obligation = await loose.get(key);
  if (obligation === undefined || Date.parse(obligation.dueAt) > now().getTime()) return 'void';
  if (!named) await store.delete(key);
  await loose.remove(obligation);
  return named ? 'named' : 'deleted';
};
