import * as z from 'zod';
import { isValidLink, signLink } from '../../../shared/auth/signatures.ts';
import { URL_LIFETIME_SECONDS } from '../../../shared/constants.ts';
import { refusalOf } from '../../../shared/home/away.ts';
import { invalidSignature, notFound } from '../../../shared/problems/problems.ts';
import { knownPlacesOf, placeOf } from '../../../shared/recordings/places.ts';
import { regionOf } from '../../../shared/recordings/summary.ts';
import { timeSchema } from '../../../shared/schemas/names.ts';
import {
  fileSchema,
  type Recording,
  type RecordingFile,
  reasonSchema,
} from '../../../shared/schemas/recording.ts';
import { CONTENT_TYPES } from '../../../shared/storage/content-types.ts';
import { type ObjectStore, StorageError } from '../../../shared/storage/object-store.ts';
import { downloadName } from '../download-name.ts';
import { expectFound } from '../expect.ts';
import { listOf, pageQuery, readPage } from '../lists.ts';
import { signedPlaylist } from '../playlist.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import { idSchema } from './ids.ts';
import { LINK_QUERY, linkQuery } from './link-query.ts';

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
    region: z.string().nullable().describe('Of the bucket; null: of this installation’s own spool.'),
    key: z.string().describe('Of the object in its bucket; of HLS, of its playlist.'),
    state: fileSchema.shape.state.describe(
      '`waiting`: recorded, and put together when its storage answers again. `expired`: the retention time of its recording was over, and its objects are deleted.',
    ),
    location: fileSchema.shape.location.describe(
      'Where it is: in the storage of the template, in its backup, or in the spool of this installation.',
    ),
    locatedAt: timeSchema.describe('Since when it is there.'),
    readyAt: timeSchema.nullable().describe('When it was closed.'),
    reason: reasonSchema
      .nullable()
      .describe('Why it failed, why it is not in the storage of the template, or why it has no URL.'),
    url: z
      .url()
      .nullable()
      .describe('Plays as it stands, in any player, for an hour; null while there is nothing to play.'),
  })
  .meta({ id: 'File', description: 'One object of a recording, or one playlist with its segments.' });

const fileExample: z.input<typeof fileView> = {
  fileId: '0001-mp4',
  format: 'mp4',
  bucket: 'my-recordings',
  region: 'eu-central-1',
  key: 'shows/show/2026-11-22/100000.mp4',
  state: 'ready',
  location: 'primary',
  sizeBytes: 943_718_400,
  durationSeconds: 1800.04,
  startedAt: '2026-11-22T10:00:00.000Z',
  locatedAt: '2026-11-22T10:00:00.000Z',
  readyAt: '2026-11-22T10:30:01.200Z',
  reason: null,
  url: 'https://my-recordings.s3.eu-central-1.amazonaws.com/shows/show/2026-11-22/100000.mp4?X-Amz-Signature=5d672d',
};

type FileServices = Pick<Services, 'recordings' | 'files' | 'signingKey' | 'storeOf' | 'spool' | 'now'>;

const EXAMPLE_RECORDING = '01KAN2VXJ8Q6S5T4R3P2N1M0K9';
const PLAYLIST_PATH = '/v1/recordings/{recordId}/files/{fileId}/playlist.m3u8';

export const fileRoutes = ({ recordings, files, signingKey, storeOf, spool, now }: FileServices): Route[] => {
  const storeFor = (recording: Recording, file: RecordingFile): ObjectStore =>
    storeOf(placeOf(recording, file, file.location, spool)?.bucket ?? recording.plan.storage);

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
    if (file.state === 'failed' || file.state === 'expired') return null;
    if (file.format === 'hls') return playlistUrl(baseUrl, file);
    if (file.state !== 'ready') return null;
    return storeFor(recording, file).presign(file.key, {
      expiresInSeconds: URL_LIFETIME_SECONDS,
      contentType: CONTENT_TYPES[file.format],
      downloadName: downloadName(recording, file),
    });
  };

  /** One storage that does not let itself be signed for must not hide the files in others. */
  const linkOf = async (baseUrl: string, recording: Recording, file: RecordingFile) => {
    const reason = file.reason ?? file.away?.reason ?? null;
    try {
      return { reason, url: await urlOf(baseUrl, recording, file) };
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      return { reason: refusalOf(error), url: null };
    }
  };

  return [
    route({
      method: 'GET',
      path: '/v1/recordings/{recordId}/files',
      operationId: 'listFiles',
      tag: 'Recordings',
      summary: 'List the files of a recording, by beginning.',
      scope: 'read',
      params: z.strictObject({ recordId: idSchema }),
      query: z.strictObject(pageQuery),
      response: { status: 200, schema: listOf(fileView) },
      example: {
        params: { recordId: EXAMPLE_RECORDING },
        response: { items: [fileExample], cursor: null },
      },
      async handle({ params: { recordId }, query, baseUrl }) {
        const recording = expectFound('recording', recordId, await recordings.get(recordId));
        const page = await readPage(() => files.page(recordId, query));
        const items = page.items.map(async (file) => ({
          ...file,
          region: regionOf(recording, file) ?? null,
          locatedAt: file.locatedAt ?? file.startedAt,
          readyAt: file.readyAt ?? null,
          ...(await linkOf(baseUrl, recording, file)),
        }));
        return { items: await Promise.all(items), cursor: page.cursor };
      },
    }),
    route({
      method: 'GET',
      path: PLAYLIST_PATH,
      operationId: 'getPlaylist',
      tag: 'Recordings',
      summary: 'Play an HLS file: its playlist, with signed segment URLs. The link is in the list of files.',
      scope: 'public',
      params: z.strictObject({ recordId: idSchema, fileId: idSchema }),
      query: linkQuery,
      response: {
        status: 200,
        contentType: CONTENT_TYPES.hls,
        headers: { 'access-control-allow-origin': '*' },
      },
      problems: [403, 502],
      example: {
        params: { recordId: EXAMPLE_RECORDING, fileId: '0001-hls' },
        query: LINK_QUERY,
      },
      async handle({ params: { recordId, fileId }, query: { expires, signature } }) {
        const link = { recordId, fileId, expires };
        if (!isValidLink(await signingKey(), link, signature, now())) throw invalidSignature();
        const [recording, file] = await Promise.all([recordings.get(recordId), files.get(recordId, fileId)]);
        if (recording === undefined || file?.format !== 'hls' || file.state === 'expired')
          throw notFound('There is no such playlist.');
        const places =
          file.away === undefined && file.location === 'primary'
            ? [{ store: storeFor(recording, file), key: file.key }]
            : knownPlacesOf(recording, file, spool).map(({ bucket, key }) => ({
                store: storeOf(bucket),
                key,
              }));
        return signedPlaylist(places, file.state !== 'recording');
      },
    }),
  ];
};
