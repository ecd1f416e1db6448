import { dataOf, itemsOf, type operations, type Schemas, versionedOf } from '../../client/index.ts';
import { text } from '../body/flags.ts';
import { hasIdForm } from './common.ts';
import { defineResource } from './resource.ts';

type Orchestration = Schemas['Orchestration'];
type Query = NonNullable<operations['listOrchestrations']['parameters']['query']>;
const PATH = '/v1/orchestrations/{orchestrationId}';

export const orchestrations = defineResource<Orchestration, Schemas['OrchestrationInput'], Query>({
  group: 'orchestrations',
  noun: 'orchestration',
  about: 'Steps that files go through once they are ready',
  columns: [
    ['NAME', ({ name }) => name],
    ['STEPS', ({ steps }) => steps.map(({ name, kind }) => `${name} (${kind})`).join(', ')],
    ['TAKES', ({ accepts }) => accepts.join(',')],
    ['ID', ({ orchestrationId }) => orchestrationId],
  ],
  idOf: ({ orchestrationId }) => orchestrationId,
  nameOf: ({ name }) => name,
  isId: hasIdForm('orc'),
  pages: (api, query, size) =>
    itemsOf((page) => api.GET('/v1/orchestrations', { params: { query: { ...query, ...page } } }), size),
  get: (api, orchestrationId) => versionedOf(api.GET(PATH, { params: { path: { orchestrationId } } })),
  create: (api, body) => dataOf(api.POST('/v1/orchestrations', { body })),
  replace: (api, orchestrationId, body, etag) =>
    dataOf(api.PUT(PATH, { params: { path: { orchestrationId }, header: { 'If-Match': etag } }, body })),
  remove: (api, orchestrationId, etag) =>
    dataOf(
      api.DELETE(PATH, {
        params: {
          path: { orchestrationId },
          ...(etag === undefined ? {} : { header: { 'If-Match': etag } }),
        },
      }),
    ),
  inputOf: ({ orchestrationId: _, accepts: __, createdAt: ___, updatedAt: ____, ...input }) => input,
  flags: [
    text('--name <name>', 'name', '1–64 letters, digits, _ or -'),
    text('--description <text>', 'description', 'for people'),
  ],
  examples: {
    list: 'list',
    get: 'get library',
    create: 'create --name library -f steps.yaml',
    update: 'update library -f steps.yaml',
    delete: 'delete library',
  },
});
