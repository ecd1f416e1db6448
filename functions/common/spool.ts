import { readEnv } from '../../shared/env.ts';
import type { Bucket } from '../../shared/schemas/storage.ts';

/** This installation's own bucket, in the region that it is in itself. */
export const readSpool = (): Bucket => ({
  bucket: readEnv(['spoolBucket']).spoolBucket,
  // Set by Lambda itself.
  region: process.env.AWS_REGION ?? '',
});
