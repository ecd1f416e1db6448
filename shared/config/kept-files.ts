import { LONGEST_RECORDING_MINUTES } from '../schemas/template.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import { createLooseImages, type LooseImage } from '../table/loose-images.ts';
import type { Table } from '../table/table.ts';
import type { Sources } from './items.ts';

const HOUR_MS = 3_600_000;

/** Long after a write that was begun must have ended: until then a file may be named that is not named yet. */
const UPLOAD_HOURS = 1;
/**
 * A recording that begins in the moment in which a file goes out of use may need it until its end: whenever another
 * recorder takes over. None that has a watermark or standby content lasts longer than this; a day more is for the moment itself.
 */
const KEEP_HOURS = LONGEST_RECORDING_MINUTES / 60 + 24;

/** What it is for. */
type Owner = Pick<LooseImage, 'watermarkId' | 'standbyId'>;

export interface NewFile {
  readonly key: string;
  readonly bytes: Buffer;
  readonly contentType: string;
}

/** The files that watermarks and standby content are made of, in this installation's own bucket. */
export const createKeptFiles = (
  table: Table,
  store: Pick<ObjectStore, 'put'>,
  sources: Sources,
  prefix: string,
) => {
  const loose = createLooseImages(table);

  const lookAt = async (owner: Owner, keys: readonly string[], hours: number): Promise<void> => {
    const dueAt = new Date(sources.now().getTime() + hours * HOUR_MS).toISOString();
    await Promise.all(keys.map((key) => loose.put({ ...owner, key, dueAt })));
  };

  return {
    /** Nothing has ever been in it: what is deleted there can never be named again. */
    newFolder: (): string => `${prefix}${sources.id()}`,
    /** The obligation comes first: a file that nothing gets to name is deleted. */
    upload: async (owner: Owner, files: readonly NewFile[]): Promise<void> => {
      const keys = files.map(({ key }) => key);
      await lookAt(owner, keys, UPLOAD_HOURS);
      await Promise.all(files.map(({ key, bytes, contentType }) => store.put(key, bytes, { contentType })));
    },
    /** To be said before these go out of use: afterwards nobody might be there to say it. */
    outOfUse: (owner: Owner, keys: readonly string[]): Promise<void> => lookAt(owner, keys, KEEP_HOURS),
  };
};
