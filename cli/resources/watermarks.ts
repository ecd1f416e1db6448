import { dataOf, itemsOf, type operations, type Schemas, versionedOf } from '../../client/index.ts';
import { text } from '../body/flags.ts';
import { hasIdForm } from './common.ts';
import { hashImages, IMAGE_FLAGS, imagesToSend, loadImages } from './images.ts';
import { defineResource } from './resource.ts';

type Watermark = Schemas['Watermark'];
type Query = NonNullable<operations['listWatermarks']['parameters']['query']>;
const PATH = '/v1/watermarks/{watermarkId}';

export const watermarks = defineResource<Watermark, Schemas['WatermarkInput'], Query>({
  group: 'watermarks',
  noun: 'watermark',
  about: 'Images that lie on the picture of what is recorded',
  columns: [
    ['NAME', ({ name }) => name],
    ['IMAGES', ({ images }) => images.map(({ width, height }) => `${width}×${height}`).join(', ')],
    ['ID', ({ watermarkId }) => watermarkId],
  ],
  idOf: ({ watermarkId }) => watermarkId,
  nameOf: ({ name }) => name,
  isId: hasIdForm('wmk'),
  pages: (api, query, size) =>
    itemsOf((page) => api.GET('/v1/watermarks', { params: { query: { ...query, ...page } } }), size),
  get: (api, watermarkId) => versionedOf(api.GET(PATH, { params: { path: { watermarkId } } })),
  create: (api, body) => dataOf(api.POST('/v1/watermarks', { body })),
  replace: (api, watermarkId, body, etag) =>
    dataOf(api.PUT(PATH, { params: { path: { watermarkId }, header: { 'If-Match': etag } }, body })),
  remove: (api, watermarkId, etag) =>
    dataOf(
      api.DELETE(PATH, {
        params: { path: { watermarkId }, ...(etag === undefined ? {} : { header: { 'If-Match': etag } }) },
      }),
    ),
  inputOf: ({ name, images }) => ({
    name,
    images: images.map(({ xPercent, yPercent, widthPercent, opacityPercent, sha256 }) => ({
      ...{ xPercent, yPercent, widthPercent, opacityPercent, sha256 },
    })),
  }),
  files: { load: loadImages, toCompare: hashImages, toSend: imagesToSend },
  flags: [text('--name <name>', 'name', '1–64 letters, digits, _ or -'), ...IMAGE_FLAGS],
  examples: {
    list: 'list',
    get: 'get logo',
    create: 'create --name logo --image logo.png --x 88 --y 4 --width 10',
    update: 'update logo --y 90',
    delete: 'delete logo',
  },
});
