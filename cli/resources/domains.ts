import { dataOf, itemsOf, type operations, type Schemas, versionedOf } from '../../client/index.ts';
import { type Flag, list, text, yesNo } from '../body/flags.ts';
import { isBody } from '../body/paths.ts';
import { defineResource } from './resource.ts';

type Domain = Schemas['Domain'];
type Query = NonNullable<operations['listDomains']['parameters']['query']>;
const PATH = '/v1/domains/{domain}';

/** Standby content of the whole domain; that of single apps and streams stays. */
const standbyFlag: Flag = {
  flags: '--standby <standby>',
  about: 'standby content of its streams (id or name); of single apps and streams: with -f',
  put: ({ standbys, ...body }, standbyId) => {
    const all: readonly unknown[] = Array.isArray(standbys) ? standbys : [];
    const others = all.filter((each) => isBody(each) && each.app !== undefined);
    return { ...body, standbys: [{ standbyId }, ...others] };
  },
};

export const domains = defineResource<Domain, Schemas['DomainInput'], Query>({
  group: 'domains',
  noun: 'domain',
  about: 'Push domains: which ingest server calls, and where streams are pulled from',
  columns: [
    ['DOMAIN', ({ domain }) => domain],
    ['ADAPTER', ({ adapter }) => adapter],
    ['SOURCE', ({ source }) => source.url],
    ['ENABLED', ({ enabled }) => (enabled ? 'yes' : 'no')],
    ['LOSSLESS START', ({ losslessStart }) => (losslessStart ? 'yes' : '')],
  ],
  idOf: ({ domain }) => domain,
  isId: () => true,
  pages: (api, query, size) =>
    itemsOf((page) => api.GET('/v1/domains', { params: { query: { ...query, ...page } } }), size),
  get: (api, domain) => versionedOf(api.GET(PATH, { params: { path: { domain } } })),
  create: (api, body) => dataOf(api.POST('/v1/domains', { body })),
  replace: (api, domain, body, etag) =>
    dataOf(api.PUT(PATH, { params: { path: { domain }, header: { 'If-Match': etag } }, body })),
  remove: (api, domain, etag) =>
    dataOf(
      api.DELETE(PATH, {
        params: { path: { domain }, ...(etag === undefined ? {} : { header: { 'If-Match': etag } }) },
      }),
    ),
  inputOf: ({ createdAt: _, ...input }) => input,
  references: [{ path: ['standbys', '*', 'standbyId'], to: 'standbys' }],
  flags: [
    text('--domain <domain>', 'domain', 'the domain that is pushed to'),
    text('--adapter <adapter>', 'adapter', 'nginx-rtmp, srs, mediamtx, node-media-server, webhook or ivs'),
    text('--source <url>', 'source.url', 'where streams are pulled from, with {app} and {stream}'),
    yesNo('--enabled <yes|no>', 'enabled', 'whether it accepts new pushes'),
    yesNo('--lossless-start <yes|no>', 'losslessStart', 'whether the start of a push waits for a recorder'),
    text('--api <url>', 'api.url', "the ingest server's own API, which is asked what is live"),
    list('--api-apps <apps>', 'api.apps', "applications of that server that are this domain's"),
    standbyFlag,
    text('--secret <secret>', 'secret', 'what the server proves itself with; absent: made for you'),
  ],
  examples: {
    list: 'list',
    get: 'get push.example.com',
    create: "create --domain push.example.com --adapter nginx-rtmp --source 'rtmp://10.0.3.7/{app}/{stream}'",
    update: 'update push.example.com --enabled no',
    delete: 'delete push.example.com',
  },
  shownOnce: 'secret',
});
