import { dataOf, itemsOf, type operations, type Schemas } from '../../client/index.ts';
import { text, time } from '../body/flags.ts';
import { formatTime } from '../values/format.ts';
import { appFilter, domainFilter, fromFilter, hasIdForm, keyText, streamFilter, toFilter } from './common.ts';
import { defineResource } from './resource.ts';

type Task = Schemas['Task'];
type Query = NonNullable<operations['listTasks']['parameters']['query']>;
const PATH = '/v1/tasks/{taskId}';

export const tasks = defineResource<Task, Schemas['TaskInput'], Query>({
  group: 'tasks',
  noun: 'task',
  about: 'Recordings of one stream on demand, now or at a time',
  columns: [
    ['STREAM', keyText],
    ['STATE', ({ state }) => state],
    ['TEMPLATE', ({ templateId }) => templateId ?? '(none)'],
    ['START', ({ startTime }) => formatTime(startTime)],
    ['END', ({ endTime }) => formatTime(endTime)],
    ['ID', ({ taskId }) => taskId],
    ['REASON', ({ reason }) => reason?.text],
  ],
  filters: [
    domainFilter,
    appFilter,
    streamFilter,
    {
      flags: '--state <state>',
      about: 'scheduled, waiting, recording, completed, missed, stopped or failed',
      query: 'state',
    },
    fromFilter,
    toFilter,
  ],
  idOf: ({ taskId }) => taskId,
  isId: hasIdForm('tsk'),
  pages: (api, query, size) =>
    itemsOf((page) => api.GET('/v1/tasks', { params: { query: { ...query, ...page } } }), size),
  get: async (api, taskId) => ({
    data: await dataOf(api.GET(PATH, { params: { path: { taskId } } })),
    etag: '*',
  }),
  create: (api, body) => dataOf(api.POST('/v1/tasks', { body })),
  remove: (api, taskId) => dataOf(api.DELETE(PATH, { params: { path: { taskId } } })),
  references: [{ path: ['templateId'], to: 'templates' }],
  flags: [
    text('--domain <domain>', 'domain', 'push domain'),
    text('--app <app>', 'app', 'application'),
    text('--stream <stream>', 'stream', 'stream'),
    text('--template <template>', 'templateId', 'id or name; absent: HLS to the default storage'),
    time('--start <time>', 'startTime', 'RFC 3339, or from now as +10m; absent: now'),
    time('--end <time>', 'endTime', 'RFC 3339, or from now as +2h'),
  ],
  examples: {
    list: 'list --state scheduled',
    get: 'get tsk_01KAN2VXJ8Q6S5T4R3P2N1M0K9',
    create:
      'create --domain push.example.com --app live --stream show --template shows --start +10m --end +70m',
    delete: 'delete tsk_01KAN2VXJ8Q6S5T4R3P2N1M0K9',
  },
});
