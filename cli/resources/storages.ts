import { dataOf, itemsOf, type operations, type Schemas, versionedOf } from '../../client/index.ts';
import { text, yesNo } from '../body/flags.ts';
import { hasIdForm } from './common.ts';
import { defineResource } from './resource.ts';

type Storage = Schemas['Storage'];
type Query = NonNullable<operations['listStorages']['parameters']['query']>;
const PATH = '/v1/storages/{storageId}';

export const storages = defineResource<Storage, Schemas['StorageInput'], Query>({
  group: 'storages',
  noun: 'storage',
  about: 'Buckets that have been tried, and may be recorded to',
  columns: [
    ['NAME', ({ name }) => name],
    ['BUCKET', ({ bucket }) => bucket],
    ['REGION', ({ region }) => region],
    ['ENDPOINT', ({ endpoint }) => endpoint ?? 'AWS'],
    ['DEFAULT', (storage) => (storage.default ? 'yes' : '')],
    ['ID', ({ storageId }) => storageId],
  ],
  idOf: ({ storageId }) => storageId,
  nameOf: ({ name }) => name,
  isId: hasIdForm('sto'),
  pages: (api, query, size) =>
    itemsOf((page) => api.GET('/v1/storages', { params: { query: { ...query, ...page } } }), size),
  get: (api, storageId) => versionedOf(api.GET(PATH, { params: { path: { storageId } } })),
  create: (api, body) => dataOf(api.POST('/v1/storages', { body })),
  replace: (api, storageId, body, etag) =>
    dataOf(api.PUT(PATH, { params: { path: { storageId }, header: { 'If-Match': etag } }, body })),
  remove: (api, storageId, etag) =>
    dataOf(
      api.DELETE(PATH, {
        params: { path: { storageId }, ...(etag === undefined ? {} : { header: { 'If-Match': etag } }) },
      }),
    ),
  inputOf: ({ storageId: _, createdAt: __, checkedAt: ___, ...input }) => input,
  flags: [
    text('--name <name>', 'name', '1–64 letters, digits, _ or -'),
    text('--bucket <bucket>', 'bucket', 'name of the bucket'),
    text('--region <region>', 'region', 'where it is'),
    text('--endpoint <url>', 'endpoint', 'of an S3-compatible store'),
    yesNo('--path-style <yes|no>', 'forcePathStyle', 'whether the bucket is part of the path'),
    yesNo('--default <yes|no>', 'default', 'whether tasks without a template record to it'),
    {
      flags: '--role <arn>',
      about: 'role that is assumed',
      put: (body, roleArn) => ({ ...body, credentials: { type: 'role', roleArn } }),
    },
    {
      flags: '--secret <name>',
      about: 'secret in AWS Secrets Manager that holds the access key',
      put: (body, secretId) => ({ ...body, credentials: { type: 'secret', secretId } }),
    },
  ],
  examples: {
    list: 'list',
    get: 'get main',
    create: 'create --name main --bucket my-recordings --region eu-central-1',
    update: 'update main --role arn:aws:iam::123456789012:role/recordings',
    delete: 'delete main',
  },
});
