import { LOCATIONS, type Location, type Recording, type RecordingFile } from '../schemas/recording.ts';
import type { Bucket } from '../schemas/storage.ts';
import { EXTENSIONS } from '../storage/content-types.ts';
import type { ObjectStore } from '../storage/object-store.ts';

/** A storage that a file may be in, and the file's key there. */
export interface Place {
  readonly location: Location;
  readonly bucket: Bucket;
  readonly key: string;
}

/** A place that can be reached. */
export interface Site extends Place {
  readonly store: ObjectStore;
}

/** How every place is reached. */
export interface PlacePorts {
  storeOf(bucket: Bucket): ObjectStore;
  /** This installation's own bucket. */
  readonly spool: Bucket;
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

const AWS_HOST = /(^|\.)amazonaws\.com(\.cn)?$/;

/** Whose storage a bucket is in: every name is there once. */
const providerOf = ({ endpoint }: Bucket): string => {
  const host = endpoint === undefined ? undefined : URL.parse(endpoint)?.host;
  return host === undefined || AWS_HOST.test(host) ? 'aws' : host;
};

/** Whether two buckets are one, with whatever credentials each is reached. */
export const isSameBucket = (one: Bucket, other: Bucket): boolean =>
  one.bucket === other.bucket && providerOf(one) === providerOf(other);

const isSamePlace = (one: Place, other: Place): boolean =>
  isSameBucket(one.bucket, other.bucket) && one.key === other.key;

/**
 * Every place that a file of this plan may be at, best first. A place that is an earlier one by another name is left
 * out: what is there is not a copy.
 */
export const placesOf = (recording: Pick<Recording, 'plan'>, file: FileName, spool: Bucket): Place[] => {
  const places: Place[] = [];
  for (const location of LOCATIONS) {
    const place = placeOf(recording, file, location, spool);
    if (place !== undefined && !places.some((other) => isSamePlace(place, other))) places.push(place);
  }
  return places;
};

/** The places where objects of a file are, or may be: where it is now, every other that it notes, and its home. */
export const knownPlacesOf = (
  recording: Pick<Recording, 'plan'>,
  file: RecordingFile,
  spool: Bucket,
): Place[] => {
  const known: readonly Location[] = ['primary', file.location, ...(file.away?.places ?? [])];
  return placesOf(recording, file, spool).filter(({ location }) => known.includes(location));
};
