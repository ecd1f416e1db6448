import { z } from 'zod';
import { isValidLink, signLink } from '../../../shared/auth/signatures.ts';
import { URL_LIFETIME_SECONDS } from '../../../shared/constants.ts';
import { invalidSignature, notFound } from '../../../shared/problems/problems.ts';
import { timeSchema } from '../../../shared/schemas/names.ts';
import {
  fileSchema,
  type Recording,
  type RecordingFile,
  reasonSchema,
} from '../../../shared/schemas/recording.ts';
import { CONTENT_TYPES } from '../../../shared/storage/content-types.ts';
import type { ObjectStore } from '../../../shared/storage/object-store.ts';
import { downloadName } from '../download-name.ts';
import { signedPlaylist } from '../playlist.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import { idSchema } from './ids.ts';

const fileView = fileSchema
  .pick({
    fileId: true,
    format: true,
    bucket: true,
    key: true,
    state: true,
    location: true,
    sizeBytes: true,
    durationSeconds: true,
    startedAt: true,
  })
  .extend({
    readyAt: timeSchema.nullable(),
    /** Why it failed. */
    reason: reasonSchema.nullable(),
    /** Plays as it stands for an hour; null while there is nothing to play. */
    url: z.url().nullable(),
  });

type FileServices = Pick<Services, 'recordings' | 'files' | 'signingKey' | 'storeOf' | 'now'>;

const PLAYLIST_PATH = '/v1/recordings/{recordId}/files/{fileId}/playlist.m3u8';

export const fileRoutes = ({ recordings, files, signingKey, storeOf, now }: FileServices): Route[] => {
  const storeFor = (recording: Recording, file: RecordingFile): ObjectStore =>
    storeOf({ ...recording.plan.storage, bucket: file.bucket });

  const playlistUrl = async (baseUrl: string, { recordId, fileId }: RecordingFile): Promise<string> => {
    const expires = Math.floor(now().getTime() / 1000) + URL_LIFETIME_SECONDS;
    const signature = signLink(await signingKey(), { recordId, fileId, expires });
    const path = PLAYLIST_PATH.replace('{recordId}', recordId).replace('{fileId}', fileId);
    return `${baseUrl}${path}?expires=${expires}&signature=${signature}`;
  };

  /** HLS plays while it is recorded; of the others there is no object before they are closed. */
  const urlOf = async (
    baseUrl: string,
    recording: Recording,
    file: RecordingFile,
  ): Promise<string | null> => {
    if (file.state === 'failed') return null;
    if (file.format === 'hls') return playlistUrl(baseUrl, file);
    if (file.state === 'recording') return null;
    return storeFor(recording, file).presign(file.key, {
      expiresInSeconds: URL_LIFETIME_SECONDS,
      contentType: CONTENT_TYPES[file.format],
      downloadName: downloadName(recording, file),
    });
  };

  return [
    route({
      method: 'GET',
      path: '/v1/recordings/{recordId}/files',
      summary: 'List the files of a recording, by beginning.',
      scope: 'read',
      params: z.strictObject({ recordId: idSchema }),
      response: { status: 200, schema: z.object({ items: z.array(fileView), cursor: z.null() }) },
      async handle({ params: { recordId }, baseUrl }) {
        const recording = await recordings.get(recordId);
        if (recording === undefined) throw notFound(`There is no recording ${recordId}.`);
        const items = (await files.list(recordId)).map(async (file) => ({
          ...file,
          readyAt: file.readyAt ?? null,
          reason: file.reason ?? null,
          url: await urlOf(baseUrl, recording, file),
        }));
        return { items: await Promise.all(items), cursor: null };
      },
    }),
    route({
      method: 'GET',
      path: PLAYLIST_PATH,
      summary: 'Play an HLS file: its playlist, with signed segment URLs. The link is in the list of files.',
      scope: 'public',
      params: z.strictObject({ recordId: idSchema, fileId: idSchema }),
      query: z.strictObject({
        expires: z.coerce.number().int().nonnegative().max(1e11),
        signature: z.string().min(1).max(128),
      }),
      response: {
        status: 200,
        contentType: CONTENT_TYPES.hls,
        headers: { 'access-control-allow-origin': '*' },
      },
      async handle({ params: { recordId, fileId }, query: { expires, signature } }) {
        const link = { recordId, fileId, expires };
        if (!isValidLink(await signingKey(), link, signature, now())) throw invalidSignature();
        const [recording, file] = await Promise.all([recordings.get(recordId), files.get(recordId, fileId)]);
        if (recording === undefined || file?.format !== 'hls') throw notFound('There is no such playlist.');
        return signedPlaylist(storeFor(recording, file), file.key);
      },
    }),
  ];
};
