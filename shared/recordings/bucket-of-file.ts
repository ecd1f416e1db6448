import type { Recording, RecordingFile } from '../schemas/recording.ts';
import type { Bucket } from '../schemas/storage.ts';

/**
 * Where a file is now.
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
