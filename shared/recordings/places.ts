import type { Location, Recording, RecordingFile } from '../schemas/recording.ts';
import type { Bucket } from '../schemas/storage.ts';
import { EXTENSIONS } from '../storage/content-types.ts';

/** A storage that a file may be in, and the file's key there. */
export interface Place {
  readonly location: Location;
  readonly bucket: Bucket;
  readonly key: string;
}

type FileName = Pick<RecordingFile, 'recordId' | 'fileId' | 'format' | 'key' | 'homeKey'>;

/** The key of a file in the primary storage, wherever it is now. */
export const homeKeyOf = ({ key, homeKey }: Pick<RecordingFile, 'key' | 'homeKey'>): string => homeKey ?? key;

/** The spool holds strays of every bucket, so keys there are made of what is unique in this installation. */
const spoolKeyOf = ({ recordId, fileId, format }: FileName): string =>
  `${recordId}/${fileId}${EXTENSIONS[format]}`;

/**
 * Where a file is when it is at `location`; undefined when the plan has no such storage.
 * @param spool this installation's own bucket
 */
export const placeOf = (
  { plan }: Pick<Recording, 'plan'>,
  file: FileName,
  location: Location,
  spool: Bucket,
): Place | undefined => {
  switch (location) {
    case 'primary':
      return { location, bucket: plan.storage, key: homeKeyOf(file) };
    case 'backup':
      return plan.backup && { location, bucket: plan.backup, key: homeKeyOf(file) };
    case 'spool':
      return { location, bucket: spool, key: spoolKeyOf(file) };
  }
};

/**
 * The bucket of a file where it is now.
 * @param homeRegion where this deployment, and so its spool bucket, is
 */
export const bucketOfFile = (
  { plan }: Pick<Recording, 'plan'>,
  { bucket, location }: Pick<RecordingFile, 'bucket' | 'location'>,
  homeRegion: string,
): Bucket => {
  if (location === 'spool') return { bucket, region: homeRegion };
  return { ...((location === 'backup' ? plan.backup : undefined) ?? plan.storage), bucket };
};
