import { dataOf, itemsOf, type operations, type Schemas, versionedOf } from '../../client/index.ts';
import { list, text, yesNo } from '../body/flags.ts';
import { hasIdForm } from './common.ts';
import { defineResource } from './resource.ts';

type Callback = Schemas['Callback'];
type Query = NonNullable<operations['listCallbacks']['parameters']['query']>;
const PATH = '/v1/callbacks/{callbackId}';

export const callbacks = defineResource<Callback, Schemas['CallbackInput'], Query>({
  group: 'callbacks',
  noun: 'callback',
  about: 'Where events are sent, signed',
  columns: [
    ['NAME', ({ name }) => name],
    ['URL', ({ url }) => url],
    ['EVENTS', ({ events }) => events?.join(',') ?? '(all)'],
    ['DOMAINS', ({ domains }) => domains?.join(',') ?? '(all)'],
    ['ENABLED', ({ enabled }) => (enabled ? 'yes' : 'no')],
    ['ID', ({ callbackId }) => callbackId],
  ],
  idOf: ({ callbackId }) => callbackId,
  nameOf: ({ name }) => name,
  isId: hasIdForm('cbk'),
  pages: (api, query, size) =>
    itemsOf((page) => api.GET('/v1/callbacks', { params: { query: { ...query, ...page } } }), size),
  get: (api, callbackId) => versionedOf(api.GET(PATH, { params: { path: { callbackId } } })),
  create: (api, body) => dataOf(api.POST('/v1/callbacks', { body })),
  replace: (api, callbackId, body, etag) =>
    dataOf(api.PUT(PATH, { params: { path: { callbackId }, header: { 'If-Match': etag } }, body })),
  remove: (api, callbackId, etag) =>
    dataOf(
      api.DELETE(PATH, {
        params: { path: { callbackId }, ...(etag === undefined ? {} : { header: { 'If-Match': etag } }) },
      }),
    ),
  inputOf: ({ callbackId: _, createdAt: __, updatedAt: ___, previousSecretUntil: ____, ...input }) => input,
  flags: [
    text('--name <name>', 'name', '1–64 letters, digits, _ or -'),
    text('--target <url>', 'url', 'where events are sent'),
    list('--events <events>', 'events', 'such as recording.ended,file.ready; absent: all'),
    list('--domains <domains>', 'domains', 'whose recordings are told of; absent: all'),
    yesNo('--enabled <yes|no>', 'enabled', 'whether events are sent'),
    text('--secret <secret>', 'secret', 'what they are signed with; absent: made for you'),
  ],
  examples: {
    list: 'list',
    get: 'get archive',
    create: 'create --name archive --target https://hooks.example.com/streamkeep --events file.ready',
    update: 'update archive --enabled no',
    delete: 'delete archive',
  },
  shownOnce: 'secret',
});
