import { dataOf, itemsOf, type operations, type Schemas } from '../../client/index.ts';
import { CliError } from '../exit.ts';
import { formatTime } from '../values/format.ts';
import { appFilter, domainFilter, keyText, streamFilter } from './common.ts';
import { defineResource } from './resource.ts';

type Stream = Schemas['Stream'];
type Query = NonNullable<operations['listStreams']['parameters']['query']>;

const recordedAs = ({ notRecorded, recordings }: Stream): string =>
  notRecorded ?? recordings.map(({ recordId, state }) => `${recordId} ${state}`).join(', ');

export const streams = defineResource<Stream, never, Query>({
  group: 'streams',
  noun: 'stream',
  about: 'What is live, and what becomes of it',
  columns: [
    ['STREAM', keyText],
    ['LIVE', ({ live }) => (live ? 'yes' : 'no')],
    ['SINCE', ({ startedAt }) => formatTime(startedAt)],
    ['UNTIL', ({ endedAt }) => formatTime(endedAt)],
    ['RECORDED', recordedAs],
  ],
  filters: [
    domainFilter,
    appFilter,
    streamFilter,
    {
      flags: '--live <true|false>',
      about: 'false: those that have ended lately; absent: true',
      query: 'live',
    },
  ],
  idOf: keyText,
  isId: () => true,
  pages: (api, query, size) =>
    itemsOf((page) => api.GET('/v1/streams', { params: { query: { ...query, ...page } } }), size),
  get: async (api, name) => {
    const [domain = '', ...rest] = name.split('/');
    const key = { domain, app: rest.slice(0, -1).join('/'), stream: rest.at(-1) ?? '' };
    if (key.app === '') throw new CliError(`'${name}' must be DOMAIN/APP/STREAM`);
    for (const live of ['true', 'false'] as const) {
      const { items } = await dataOf(api.GET('/v1/streams', { params: { query: { ...key, live } } }));
      if (items[0] !== undefined) return { data: items[0], etag: '*' };
    }
    throw new CliError(`Nothing is known of a stream ${name}.`);
  },
  examples: { list: 'list --live true', get: 'get push.example.com/live/show' },
});
