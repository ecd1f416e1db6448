import { createHash } from 'node:crypto';
import { dataOf, itemsOf, type operations, type Schemas, versionedOf } from '../../client/index.ts';
import { text } from '../body/flags.ts';
import { hasIdForm } from './common.ts';
import { readFileOf } from './images.ts';
import { defineResource, type FileFields } from './resource.ts';

type Standby = Schemas['Standby'];
type Query = NonNullable<operations['listStandbys']['parameters']['query']>;
const PATH = '/v1/standbys/{standbyId}';

const sha256Of = (data: string): string =>
  createHash('sha256').update(Buffer.from(data, 'base64')).digest('hex');

/** A body names its file until that has been read. */
const FILES: FileFields = {
  load: async (body, folder) => {
    const { file, sha256: _, ...others } = body;
    if (typeof file !== 'string') return body;
    return { ...others, data: (await readFileOf(file, folder)).toString('base64') };
  },
  toCompare: ({ data, ...body }) =>
    typeof data === 'string' ? { ...body, sha256: sha256Of(data) } : { ...body },
  toSend: ({ sha256, ...compared }, { data }, before) =>
    typeof data === 'string' && before?.sha256 !== sha256 ? { ...compared, data } : { ...compared, sha256 },
};

export const standbys = defineResource<Standby, Schemas['StandbyInput'], Query>({
  group: 'standbys',
  noun: 'standby',
  about: 'Images and short videos that are recorded while a stream is away',
  columns: [
    ['NAME', ({ name }) => name],
    ['TYPE', ({ contentType }) => contentType],
    ['SIZE', ({ width, height }) => `${width}×${height}`],
    ['LASTS', ({ durationSeconds }) => (durationSeconds === undefined ? '' : `${durationSeconds} s`)],
    ['ID', ({ standbyId }) => standbyId],
  ],
  idOf: ({ standbyId }) => standbyId,
  nameOf: ({ name }) => name,
  isId: hasIdForm('stb'),
  pages: (api, query, size) =>
    itemsOf((page) => api.GET('/v1/standbys', { params: { query: { ...query, ...page } } }), size),
  get: (api, standbyId) => versionedOf(api.GET(PATH, { params: { path: { standbyId } } })),
  create: (api, body) => dataOf(api.POST('/v1/standbys', { body })),
  replace: (api, standbyId, body, etag) =>
    dataOf(api.PUT(PATH, { params: { path: { standbyId }, header: { 'If-Match': etag } }, body })),
  remove: (api, standbyId, etag) =>
    dataOf(
      api.DELETE(PATH, {
        params: { path: { standbyId }, ...(etag === undefined ? {} : { header: { 'If-Match': etag } }) },
      }),
    ),
  inputOf: ({ name, sha256 }) => ({ name, sha256 }),
  files: FILES,
  flags: [
    text('--name <name>', 'name', '1–64 letters, digits, _ or -'),
    text('--media <path>', 'file', 'PNG, JPEG, or an MP4 of a minute at most'),
  ],
  examples: {
    list: 'list',
    get: 'get back-soon',
    create: 'create --name back-soon --media back-soon.png',
    update: 'update back-soon --media loop.mp4',
    delete: 'delete back-soon',
  },
});
