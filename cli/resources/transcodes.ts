import { dataOf, itemsOf, type operations, type Schemas, versionedOf } from '../../client/index.ts';
import { count, text } from '../body/flags.ts';
import { hasIdForm } from './common.ts';
import { defineResource } from './resource.ts';

type Transcode = Schemas['Transcode'];
type Query = NonNullable<operations['listTranscodes']['parameters']['query']>;
const PATH = '/v1/transcodes/{transcodeId}';

const quality = ({ bitrateKbps, crf }: NonNullable<Transcode['video']>): string =>
  bitrateKbps === undefined ? `crf ${crf ?? 23}` : `${bitrateKbps} kb/s`;

export const transcodes = defineResource<Transcode, Schemas['TranscodeInput'], Query>({
  group: 'transcodes',
  noun: 'transcode',
  about: 'What picture and sound are encoded as',
  columns: [
    ['NAME', ({ name }) => name],
    ['VIDEO', ({ video }) => (video === undefined ? 'none' : `${video.codec}, ${quality(video)}`)],
    ['HEIGHT', ({ video }) => video?.height],
    ['AUDIO', ({ audio }) => `${audio.codec}, ${audio.bitrateKbps} kb/s`],
    ['ID', ({ transcodeId }) => transcodeId],
  ],
  idOf: ({ transcodeId }) => transcodeId,
  nameOf: ({ name }) => name,
  isId: hasIdForm('trc'),
  pages: (api, query, size) =>
    itemsOf((page) => api.GET('/v1/transcodes', { params: { query: { ...query, ...page } } }), size),
  get: (api, transcodeId) => versionedOf(api.GET(PATH, { params: { path: { transcodeId } } })),
  create: (api, body) => dataOf(api.POST('/v1/transcodes', { body })),
  replace: (api, transcodeId, body, etag) =>
    dataOf(api.PUT(PATH, { params: { path: { transcodeId }, header: { 'If-Match': etag } }, body })),
  remove: (api, transcodeId, etag) =>
    dataOf(
      api.DELETE(PATH, {
        params: { path: { transcodeId }, ...(etag === undefined ? {} : { header: { 'If-Match': etag } }) },
      }),
    ),
  inputOf: ({ name, video, audio }) => ({ name, ...(video === undefined ? {} : { video }), audio }),
  flags: [
    text('--name <name>', 'name', '1–64 letters, digits, _ or -'),
    text('--video <codec>', 'video.codec', 'h264, hevc or av1; nothing said of video: only the sound'),
    count('--video-bitrate <kbps>', 'video.bitrateKbps', 'average, in kilobits per second'),
    count('--crf <quality>', 'video.crf', 'in place of a bitrate: 10–51, lower is better'),
    count('--height <pixels>', 'video.height', 'at most; the width follows'),
    count('--frame-rate <fps>', 'video.framesPerSecond', 'at most'),
    count('--gop <seconds>', 'video.gopSeconds', 'between key frames'),
    text('--audio <codec>', 'audio.codec', 'aac or opus'),
    count('--audio-bitrate <kbps>', 'audio.bitrateKbps', 'in kilobits per second'),
  ],
  examples: {
    list: 'list',
    get: 'get hd',
    create: 'create --name hd --video h264 --height 720 --video-bitrate 3000',
    update: 'update hd --audio-bitrate 96',
    delete: 'delete hd',
  },
});
