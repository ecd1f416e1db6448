import * as z from 'zod';
import { URL_LIFETIME_SECONDS } from '../../shared/constants.ts';
import { type Standby, standbySchema } from '../../shared/schemas/standby.ts';
import type { ObjectStore } from '../../shared/storage/object-store.ts';

export const standbyView = z
  .object(standbySchema.shape)
  .omit({ key: true, fileSha256: true })
  .extend({
    sha256: z.string().describe('Of the file as it was sent.'),
    durationSeconds: standbySchema.shape.durationSeconds.describe('Of a video.'),
    hasSound: standbySchema.shape.hasSound.describe('Of a video: whether there is sound to it.'),
    url: z.string().describe('Shows it, without further credentials, for an hour.'),
  })
  .meta({ id: 'Standby' });

/** Signing needs no request. `store`: this installation's own bucket. */
export const standbyViewOf = async (
  store: Pick<ObjectStore, 'presign'>,
  { key, fileSha256: sha256, ...standby }: Standby,
): Promise<z.input<typeof standbyView>> => {
  const { contentType } = standby;
  const url = await store.presign(key, { expiresInSeconds: URL_LIFETIME_SECONDS, contentType });
  return { ...standby, sha256, url };
};
