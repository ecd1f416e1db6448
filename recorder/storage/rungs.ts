import { placeOf } from '../../shared/recordings/places.ts';
import {
  LOCATIONS,
  type Location,
  type Recording,
  type RecordingFile,
} from '../../shared/schemas/recording.ts';
import type { Bucket } from '../../shared/schemas/storage.ts';
import type { ObjectStore } from '../../shared/storage/object-store.ts';

/** One storage that a recording may be written to. */
export interface Rung {
  readonly location: Location;
  readonly bucket: string;
  readonly store: ObjectStore;
  /** The key that a file has there. */
  keyOf(file: Pick<RecordingFile, 'recordId' | 'fileId' | 'format' | 'key' | 'homeKey'>): string;
}

const OF_NO_FILE = { recordId: '', fileId: '', format: 'mp4', key: '' } as const;

/**
 * The storages of a recording, best first: the template's, its backup, and this installation's own bucket.
 * @param spool that bucket; absent: there is none
 */
export const rungsOf = (
  recording: Pick<Recording, 'plan'>,
  spool: Bucket | undefined,
  storeOf: (bucket: Bucket) => ObjectStore,
): readonly Rung[] =>
  LOCATIONS.flatMap((location): Rung[] => {
    if (spool === undefined && location === 'spool') return [];
    const own = spool ?? recording.plan.storage;
    const at = placeOf(recording, OF_NO_FILE, location, own);
    if (at === undefined) return [];
    return [
      {
        location,
        bucket: at.bucket.bucket,
        store: storeOf(at.bucket),
        keyOf: (file) => placeOf(recording, file, location, own)?.key ?? file.key,
      },
    ];
  });
