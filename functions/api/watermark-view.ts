import * as z from 'zod';
import { URL_LIFETIME_SECONDS } from '../../shared/constants.ts';
import { type Watermark, watermarkImageSchema, watermarkSchema } from '../../shared/schemas/watermark.ts';
import type { ObjectStore } from '../../shared/storage/object-store.ts';

const imageView = watermarkImageSchema
  .omit({ key: true, fileSha256: true })
  .extend({
    sha256: z.string().describe('Of the file as it was sent.'),
    url: z.string().describe('Shows the image, without further credentials, for an hour.'),
  })
  .meta({ id: 'WatermarkImage' });

export const watermarkView = z
  .object({ ...watermarkSchema.shape, images: z.array(imageView) })
  .meta({ id: 'Watermark' });

/** Signing needs no request. `store`: this installation's own bucket. */
export const watermarkViewOf = async (
  store: Pick<ObjectStore, 'presign'>,
  watermark: Watermark,
): Promise<z.input<typeof watermarkView>> => ({
  ...watermark,
  images: await Promise.all(
    watermark.images.map(async ({ key, fileSha256: sha256, ...image }) => {
      const { contentType } = image;
      const url = await store.presign(key, { expiresInSeconds: URL_LIFETIME_SECONDS, contentType });
      return { ...image, sha256, url };
    }),
  ),
});
