import { type Standby, standbySchema } from '../schemas/standby.ts';
import { type Storage, storageSchema } from '../schemas/storage.ts';
import type { Template } from '../schemas/template.ts';
import { watermarkSchema } from '../schemas/watermark.ts';
import type { Table } from '../table/table.ts';
import type { ContentParts } from './content.ts';
import { getItems, type Item, type Key } from './items.ts';
import { standbyKey, storageKey, transcodeKey, watermarkKey } from './keys.ts';
import { transcodeItemSchema } from './transcodes.ts';

/** What a template refers to; undefined: it names none, or what it names is not there. */
export interface TemplateParts extends ContentParts {
  readonly storage: Storage | undefined;
  readonly backup: Storage | undefined;
  readonly standby?: Standby | undefined;
}

const storageItemSchema = storageSchema.strip();

/** Everything in one request. */
export const readParts = async (
  table: Table,
  { storage, watermarkId, transcodeId }: Template,
  standbyId?: string,
): Promise<TemplateParts> => {
  const keys = {
    storage: storageKey(storage.primary),
    backup: storage.backup === undefined ? undefined : storageKey(storage.backup),
    watermark: watermarkId === undefined ? undefined : watermarkKey(watermarkId),
    transcode: transcodeId === undefined ? undefined : transcodeKey(transcodeId),
    standby: standbyId === undefined ? undefined : standbyKey(standbyId),
  };
  const items = await getItems(
    table,
    Object.values(keys).filter((key) => key !== undefined),
  );
  const parse = <Part>(schema: { parse(item: Item): Part }, key: Key | undefined): Part | undefined => {
    const item = key === undefined ? undefined : items.get(key.pk);
    return item === undefined ? undefined : schema.parse(item);
  };
  return {
    storage: parse(storageItemSchema, keys.storage),
    backup: parse(storageItemSchema, keys.backup),
    watermark: parse(watermarkSchema, keys.watermark),
    transcode: parse(transcodeItemSchema, keys.transcode),
    standby: parse(standbySchema, keys.standby),
  };
};
