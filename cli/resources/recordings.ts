import { dataOf, itemsOf, type operations, type Schemas } from '../../client/index.ts';
import { formatTime } from '../values/format.ts';
import { appFilter, domainFilter, fromFilter, keyText, streamFilter, toFilter } from './common.ts';
import { defineResource } from './resource.ts';

type Recording = Schemas['Recording'];
type Query = NonNullable<operations['listRecordings']['parameters']['query']>;

export const recordings = defineResource<Recording, never, Query>({
  group: 'recordings',
  noun: 'recording',
  about: 'What has been recorded, and is being recorded',
  columns: [
    ['STREAM', keyText],
    ['STATE', ({ state }) => state],
    ['START', ({ startedAt }) => formatTime(startedAt)],
    ['END', ({ endedAt }) => formatTime(endedAt)],
    ['FORMATS', ({ formats }) => formats.join(',')],
    ['ID', ({ recordId }) => recordId],
    ['REASON', ({ reason, trouble }) => trouble?.text ?? reason?.text],
  ],
  filters: [
    domainFilter,
    appFilter,
    streamFilter,
    { flags: '--state <state>', about: 'recording, paused, completing, completed or failed', query: 'state' },
    { flags: '--task <task>', about: 'for this task', query: 'taskId' },
    fromFilter,
    toFilter,
  ],
  idOf: ({ recordId }) => recordId,
  isId: () => true,
  pages: (api, query, size) =>
    itemsOf((page) => api.GET('/v1/recordings', { params: { query: { ...query, ...page } } }), size),
  get: async (api, recordId) => ({
    data: await dataOf(api.GET('/v1/recordings/{recordId}', { params: { path: { recordId } } })),
    etag: '*',
  }),
  examples: { list: 'list --state failed --from -24h', get: 'get rec_5f1d7a84e6ab0c3d92e8f47b10' },
});
