import { dataOf, itemsOf, type operations, type Schemas, versionedOf } from '../../client/index.ts';
import { count, parts, span, text, yesNo } from '../body/flags.ts';
import { hasIdForm } from './common.ts';
import { defineResource } from './resource.ts';

type Template = Schemas['Template'];
type Query = NonNullable<operations['listTemplates']['parameters']['query']>;
const PATH = '/v1/templates/{templateId}';
const FORMATS = ['hls', 'mp4', 'flv', 'aac'];

export const templates = defineResource<Template, Schemas['TemplateInput'], Query>({
  group: 'templates',
  noun: 'template',
  about: 'What is recorded, in which formats, where to and for how long',
  columns: [
    ['NAME', ({ name }) => name],
    ['FORMATS', ({ formats }) => FORMATS.filter((format) => Object.hasOwn(formats, format)).join(',')],
    ['STORAGE', ({ storage }) => storage.primary],
    ['BACKUP', ({ storage }) => storage.backup],
    ['KEPT', ({ retentionDays }) => (retentionDays === undefined ? 'for good' : `${retentionDays} d`)],
    ['ID', ({ templateId }) => templateId],
  ],
  idOf: ({ templateId }) => templateId,
  nameOf: ({ name }) => name,
  isId: hasIdForm('tpl'),
  pages: (api, query, size) =>
    itemsOf((page) => api.GET('/v1/templates', { params: { query: { ...query, ...page } } }), size),
  get: (api, templateId) => versionedOf(api.GET(PATH, { params: { path: { templateId } } })),
  create: (api, body) => dataOf(api.POST('/v1/templates', { body })),
  replace: (api, templateId, body, etag) =>
    dataOf(api.PUT(PATH, { params: { path: { templateId }, header: { 'If-Match': etag } }, body })),
  remove: (api, templateId, etag) =>
    dataOf(
      api.DELETE(PATH, {
        params: { path: { templateId }, ...(etag === undefined ? {} : { header: { 'If-Match': etag } }) },
      }),
    ),
  inputOf: ({ templateId: _, createdAt: __, updatedAt: ___, ...input }) => input,
  references: [
    { path: ['storage', 'primary'], to: 'storages' },
    { path: ['storage', 'backup'], to: 'storages' },
    { path: ['watermarkId'], to: 'watermarks' },
    { path: ['transcodeId'], to: 'transcodes' },
    ...FORMATS.map((format) => ({
      path: ['postProcessing', format, 'orchestrationId'],
      to: 'orchestrations' as const,
    })),
  ],
  flags: [
    text('--name <name>', 'name', '1–64 letters, digits, _ or -'),
    text('--description <text>', 'description', 'for people'),
    parts('--format <formats>', 'formats', 'of hls, mp4, flv and aac: mp4,hls', FORMATS),
    text('--storage <storage>', 'storage.primary', 'where to (id or name)'),
    text('--backup <storage>', 'storage.backup', 'while that cannot be written to; in another region'),
    text('--content <content>', 'content', 'origin, watermarked or transcoded'),
    text('--watermark <watermark>', 'watermarkId', 'what lies on the picture (id or name)'),
    text('--transcode <transcode>', 'transcodeId', 'what it is encoded as (id or name)'),
    yesNo(
      '--standby <yes|no>',
      'recordStandby',
      'whether standby content is recorded while the stream is away',
    ),
    ...FORMATS.map((format) =>
      text(
        `--${format}-then <orchestration>`,
        `postProcessing.${format}.orchestrationId`,
        `what happens to each ${format} file that is ready (id or name)`,
      ),
    ),
    text('--path <path>', 'path', 'of the objects, with placeholders such as {StreamID}'),
    text('--time-zone <zone>', 'timeZone', 'of the times in the path'),
    span('--mp4-max <duration>', 'formats.mp4.maxMinutes', 'a new MP4 begins after, such as 1h', 'minutes'),
    span('--flv-max <duration>', 'formats.flv.maxMinutes', 'a new FLV begins after', 'minutes'),
    span('--aac-max <duration>', 'formats.aac.maxMinutes', 'a new AAC file begins after', 'minutes'),
    text('--aac-when <when>', 'formats.aac.when', 'audio-only or always'),
    span('--hls-segment <duration>', 'formats.hls.segmentSeconds', 'wanted length of a segment', 'seconds'),
    span('--hls-playlist <duration>', 'formats.hls.segmentation', 'a new playlist begins after', 'minutes'),
    span(
      '--resume-within <duration>',
      'formats.hls.resumptionTimeout',
      'an interrupted stream goes on in the same recording',
      'seconds',
    ),
    span('--max-duration <duration>', 'maxDuration', 'a recording ends after', 'minutes'),
    count('--retention-days <days>', 'retentionDays', 'objects are deleted after'),
  ],
  examples: {
    list: 'list',
    get: 'get shows',
    create: 'create --name shows --format mp4,hls --storage main --mp4-max 1h',
    update: 'update shows --retention-days 90',
    delete: 'delete shows',
  },
});
