import * as z from 'zod';
import { URL_LIFETIME_SECONDS } from '../../shared/constants.ts';
import type { Bucket } from '../../shared/schemas/storage.ts';
import { type ObjectStore, StorageError } from '../../shared/storage/object-store.ts';

export const objectLinkView = z
  .object({
    bucket: z.string(),
    key: z.string(),
    url: z
      .url()
      .nullable()
      .describe('Reads it, for an hour; null while its storage lets nobody sign for it.'),
  })
  .meta({ id: 'ObjectLink', description: 'An object in the storage of a recording, and how it is read.' });
export type ObjectLink = z.infer<typeof objectLinkView>;

/** One storage that does not let itself be signed for must not hide what else is asked. */
export const linkTo = async (
  storeOf: (bucket: Bucket) => ObjectStore,
  bucket: Bucket,
  { key, contentType }: { readonly key: string; readonly contentType: string },
): Promise<ObjectLink> => {
  const place = { bucket: bucket.bucket, key };
  try {
    const options = { expiresInSeconds: URL_LIFETIME_SECONDS, contentType };
    return { ...place, url: await storeOf(bucket).presign(key, options) };
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return { ...place, url: null };
  }
};
