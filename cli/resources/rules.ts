import { dataOf, itemsOf, type operations, type Schemas, versionedOf } from '../../client/index.ts';
import { text } from '../body/flags.ts';
import type { Column } from '../output/table.ts';
import { appFilter, domainFilter, keyText, streamFilter, templateFilter } from './common.ts';
import { defineResource } from './resource.ts';

type Rule = Schemas['Rule'];
type Query = NonNullable<operations['listRules']['parameters']['query']>;
type Input = Schemas['RuleInput'];
const PATH = '/v1/rules/{ruleId}';

const template = text('--template <template>', 'templateId', 'what is done with it (id or name)');

export const RULE_COLUMNS: readonly Column<Rule>[] = [
  ['DOMAIN', ({ domain }) => domain],
  ['APP', ({ app }) => app ?? '(all)'],
  ['STREAM', ({ stream }) => stream ?? '(all)'],
  ['TEMPLATE', ({ templateId }) => templateId],
  ['ID', ({ ruleId }) => ruleId],
];

export const rules = defineResource<Rule, Input, Query>({
  group: 'rules',
  noun: 'rule',
  about: 'Which template a domain, an application or one stream is recorded with',
  columns: RULE_COLUMNS,
  filters: [domainFilter, appFilter, streamFilter, templateFilter],
  idOf: ({ ruleId }) => ruleId,
  nameOf: keyText,
  isId: (name) => /^rule_[0-9a-f]{24}$/.test(name),
  lookUp: (name) => ({ domain: name.split('/', 1)[0] ?? '' }),
  pages: (api, query, size) =>
    itemsOf((page) => api.GET('/v1/rules', { params: { query: { ...query, ...page } } }), size),
  get: (api, ruleId) => versionedOf(api.GET(PATH, { params: { path: { ruleId } } })),
  create: (api, body) => dataOf(api.POST('/v1/rules', { body })),
  // What a rule matches is what it is: only its template can be another one.
  replace: (api, ruleId, { templateId }, etag) =>
    dataOf(
      api.PUT(PATH, { params: { path: { ruleId }, header: { 'If-Match': etag } }, body: { templateId } }),
    ),
  remove: (api, ruleId, etag) =>
    dataOf(
      api.DELETE(PATH, {
        params: { path: { ruleId }, ...(etag === undefined ? {} : { header: { 'If-Match': etag } }) },
      }),
    ),
  inputOf: ({ ruleId: _, createdAt: __, ...input }) => input,
  references: [{ path: ['templateId'], to: 'templates' }],
  flags: [
    text('--domain <domain>', 'domain', 'push domain'),
    text('--app <app>', 'app', 'absent: every one'),
    text('--stream <stream>', 'stream', 'absent: every one'),
    template,
  ],
  updateFlags: [template],
  examples: {
    list: 'list --domain push.example.com',
    get: 'get push.example.com/live/show',
    create: 'create --domain push.example.com --app live --template shows',
    update: 'update push.example.com/live --template archive',
    delete: 'delete push.example.com/live/show',
  },
});
