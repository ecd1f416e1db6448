import * as z from 'zod';
import { signLink } from '../../shared/auth/signatures.ts';
import { URL_LIFETIME_SECONDS } from '../../shared/constants.ts';
import type { FolderOf } from '../../shared/recordings/folder.ts';
import type { Recording } from '../../shared/schemas/recording.ts';
import type { ObjectStore } from '../../shared/storage/object-store.ts';
import { cuesKeyOf, isSpriteOf, latestKeyOf } from '../../shared/thumbnails/sprite.ts';
import { linkTo } from './object-link.ts';
import type { Services } from './services.ts';

export const thumbnailsView = z
  .object({
    latestUrl: z
      .url()
      .nullable()
      .describe('The latest one, as JPEG, for an hour; not there before the first one is made.'),
    cuesUrl: z
      .url()
      .describe(
        'WebVTT, for an hour: which part of which sprite shows each time. Not there before the first sprite.',
      ),
  })
  .meta({ id: 'ThumbnailLinks' });
export type ThumbnailLinks = z.infer<typeof thumbnailsView>;

export const thumbnailsExample: ThumbnailLinks = {
  latestUrl:
    'https://my-recordings.s3.eu-central-1.amazonaws.com/shows/show/2026-11-22/100000/latest.jpg?X-Amz-Signature=5d672d',
  cuesUrl:
    'https://api.example.com/v1/recordings/rec_5f1d2a9c5b7e48d6a0c4f8e2b6/thumbnails.vtt?expires=1795345200&signature=rDkVWBc0',
};

export const CUES_PATH = '/v1/recordings/{recordId}/thumbnails.vtt';
/** What a link to the cues is signed for, in the place of a file's id. */
export const CUES_ID = 'thumbnails.vtt';

/** Links to the thumbnails of a recording; null when there are none, as far as that is known. */
export const createThumbnailLinks =
  ({ storeOf, signingKey, now }: Pick<Services, 'storeOf' | 'signingKey' | 'now'>) =>
  async (baseUrl: string, recording: Recording): Promise<ThumbnailLinks | null> => {
    const { recordId, plan, media, expiredAt } = recording;
    const hasNoPicture =
      plan.encoding?.audioOnly === true || (media !== undefined && media.videoCodec === undefined);
    if (plan.thumbnails === undefined || hasNoPicture || expiredAt !== undefined) return null;
    const expires = Math.floor(now().getTime() / 1000) + URL_LIFETIME_SECONDS;
    const signature = signLink(await signingKey(), { recordId, fileId: CUES_ID, expires });
    const image = { key: latestKeyOf(recording), contentType: 'image/jpeg' };
    const { url } = await linkTo(storeOf, plan.storage, image);
    const path = CUES_PATH.replace('{recordId}', recordId);
    return { latestUrl: url, cuesUrl: `${baseUrl}${path}?expires=${expires}&signature=${signature}` };
  };

const TIMES = /^\d{2,}:\d{2}:\d{2}\.\d{3} --> \d{2,}:\d{2}:\d{2}\.\d{3}$/;
const IMAGE = /^([\w-]+\.jpg)(#xywh=\d+,\d+,\d+,\d+)$/;

/**
 * The stored cues with the URL of each sprite signed; undefined when there are none yet. The bucket is not ours alone:
 * what is not written as we write it is left out, and nothing else is signed for.
 * @throws StorageError
 */
export const signedCues = async (store: ObjectStore, recording: FolderOf): Promise<string | undefined> => {
  const key = cuesKeyOf(recording);
  const stored = await store.get(key);
  if (stored === undefined) return undefined;
  const folder = key.slice(0, key.lastIndexOf('/') + 1);
  const urls = new Map<string, Promise<string>>();
  const urlOf = (sprite: string): Promise<string> => {
    const options = { expiresInSeconds: URL_LIFETIME_SECONDS, contentType: 'image/jpeg' };
    const url = urls.get(sprite) ?? store.presign(sprite, options);
    urls.set(sprite, url);
    return url;
  };
  const lines = ['WEBVTT'];
  let times: string | undefined;
  for (const line of stored.body.toString().split('\n')) {
    if (TIMES.test(line)) times = line;
    const [, name, part] = IMAGE.exec(line) ?? [];
    if (times === undefined || name === undefined || !isSpriteOf(recording, folder + name)) continue;
    lines.push('', times, `${await urlOf(folder + name)}${part}`);
    times = undefined;
  }
  return [...lines, ''].join('\n');
};
