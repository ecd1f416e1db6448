import { dataOf, itemsOf, type operations, type Schemas } from '../../client/index.ts';
import { list, text } from '../body/flags.ts';
import { formatTime } from '../values/format.ts';
import { defineResource } from './resource.ts';

type Token = Schemas['Token'];
type Query = NonNullable<operations['listTokens']['parameters']['query']>;

export const tokens = defineResource<Token, Schemas['TokenInput'], Query>({
  group: 'tokens',
  noun: 'token',
  about: 'Who may use the API',
  columns: [
    ['NAME', ({ name }) => name],
    ['SCOPES', ({ scopes }) => scopes.join(',')],
    ['CREATED', ({ createdAt }) => formatTime(createdAt)],
    ['ID', ({ tokenId }) => tokenId],
  ],
  idOf: ({ tokenId }) => tokenId,
  nameOf: ({ name }) => name,
  isId: (name) => /^tok_[0-9a-f]{26}$/.test(name),
  pages: (api, query, size) =>
    itemsOf((page) => api.GET('/v1/tokens', { params: { query: { ...query, ...page } } }), size),
  create: (api, body) => dataOf(api.POST('/v1/tokens', { body })),
  flags: [
    text('--name <name>', 'name', 'what it is for'),
    list('--scopes <scopes>', 'scopes', 'of read, write and ingest: read,write'),
  ],
  examples: {
    list: 'list',
    get: 'get dashboard',
    create: 'create --name dashboard --scopes read',
  },
  shownOnce: 'token',
});
