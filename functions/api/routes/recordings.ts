import * as z from 'zod';
import { manifestKeyOf } from '../../../shared/recordings/folder.ts';
import {
  domainNameSchema,
  formatSchema,
  streamPartSchema,
  timeSchema,
} from '../../../shared/schemas/names.ts';
import {
  mediaSchema,
  type Recording,
  reasonSchema,
  recordingSchema,
  recordingStateSchema,
} from '../../../shared/schemas/recording.ts';
import { momentSchema } from '../../../shared/schemas/task.ts';
import { deletionView, deletionViewOf } from '../deletion-view.ts';
import { encodingView, encodingViewOf } from '../encoding-view.ts';
import { expectFound } from '../expect.ts';
import { listOf, pageQuery, readPage } from '../lists.ts';
import { linkTo, objectLinkView } from '../object-link.ts';
import { createProgress, progressExample, progressView } from '../progress.ts';
import { type Route, route } from '../route.ts';
import { defined, type Services } from '../services.ts';
import { createThumbnailLinks, thumbnailsExample, thumbnailsView } from '../thumbnails.ts';
import { idSchema } from './ids.ts';

export const recordingView = recordingSchema
  .pick({
    recordId: true,
    domain: true,
    app: true,
    stream: true,
    sessionId: true,
    state: true,
    startedAt: true,
  })
  .extend({
    templateId: z.string().nullable().describe('null: a task without a template asked for it.'),
    taskId: z.string().nullable().describe('The task that asked for it; null: a rule did.'),
    formats: z.array(formatSchema),
    content: recordingSchema.shape.plan.shape.content.describe('What is really recorded.'),
    contentReason: z.string().nullable().describe('Why that is not what the template asks for.'),
    encoding: encodingView.nullable().describe('How that is made; null: it is recorded as it comes.'),
    endedAt: timeSchema.nullable(),
    reason: reasonSchema.nullable().describe('Why it ended, paused or failed.'),
    trouble: reasonSchema
      .nullable()
      .describe('What is wrong although it is recorded, such as a storage that does not take its media.'),
    pausedUntil: timeSchema.nullable(),
    media: mediaSchema.nullable().describe('What the stream carries, as soon as that is known.'),
    progress: progressView.nullable().describe('null while no recorder has it.'),
    deletion: deletionView.nullable().describe('null: nothing of it is being deleted.'),
    manifest: objectLinkView
      .nullable()
      .describe(
        'Its `recording.json`, written when it is completed; null before that, and when it is deleted.',
      ),
    thumbnails: thumbnailsView
      .nullable()
      .describe('null: its template asks for none, it has no picture, or they are deleted.'),
    expiredAt: timeSchema
      .nullable()
      .describe('When its retention time was over and its objects were deleted; null: they are there.'),
  })
  .meta({ id: 'Recording' });

export const recordingViewOf = (
  recording: Recording,
  {
    progress,
    manifest,
    thumbnails,
  }: Pick<z.input<typeof recordingView>, 'progress' | 'manifest' | 'thumbnails'>,
): z.input<typeof recordingView> => {
  const { plan } = recording;
  return {
    ...recording,
    templateId: plan.templateId ?? null,
    taskId: recording.taskId ?? null,
    formats: formatSchema.options.filter((format) => plan.formats[format] !== undefined),
    content: plan.content,
    contentReason: plan.contentReason ?? null,
    encoding: encodingViewOf(plan),
    endedAt: recording.endedAt ?? null,
    reason: recording.reason ?? null,
    trouble: recording.trouble ?? null,
    pausedUntil: recording.pausedUntil ?? null,
    media: recording.media ?? null,
    progress,
    manifest,
    thumbnails,
    deletion: deletionViewOf(recording.deletion),
    expiredAt: recording.expiredAt ?? null,
  };
};

const RECORD_ID = 'rec_5f1d7a84e6ab0c3d92e8f47b10';
export const RECORDING: z.input<typeof recordingView> = {
  recordId: RECORD_ID,
  domain: 'push.example.com',
  app: 'live',
  stream: 'show',
  sessionId: 'ses_01KAN2VXJ8Q6S5T4R3P2N1M0K9',
  state: 'recording',
  startedAt: '2026-11-22T10:00:00.000Z',
  templateId: 'tpl_01KAN2VXJ8Q6S5T4R3P2N1M0K9',
  taskId: null,
  formats: ['hls', 'mp4'],
  content: 'origin',
  contentReason: null,
  encoding: null,
  endedAt: null,
  reason: null,
  trouble: null,
  pausedUntil: null,
  media: { videoCodec: 'h264', width: 1920, height: 1080, audioCodec: 'aac' },
  progress: progressExample,
  manifest: null,
  thumbnails: thumbnailsExample,
  deletion: null,
  expiredAt: null,
};

const params = z.strictObject({ recordId: idSchema });

type RecordingServices = Pick<
  Services,
  'recordings' | 'recorders' | 'stopRecording' | 'storeOf' | 'signingKey' | 'now'
>;

export const recordingRoutes = ({
  recordings,
  recorders,
  stopRecording,
  storeOf,
  signingKey,
  now,
}: RecordingServices): Route[] => {
  const thumbnailsOf = createThumbnailLinks({ storeOf, signingKey, now });
  const readProgress = createProgress(recorders);
  const manifestLink = async (recording: Recording) => {
    const { state, deletion, expiredAt, plan } = recording;
    if (state !== 'completed' || deletion !== undefined || expiredAt !== undefined) return null;
    const contentType = 'application/json';
    return linkTo(storeOf, plan.storage, { key: manifestKeyOf(recording), contentType });
  };
  const viewsOf = async (
    baseUrl: string,
    found: readonly Recording[],
  ): Promise<z.input<typeof recordingView>[]> => {
    const progressOf = await readProgress(found);
    return Promise.all(
      found.map(async (recording) =>
        recordingViewOf(recording, {
          progress: progressOf(recording.recordId),
          manifest: await manifestLink(recording),
          thumbnails: await thumbnailsOf(baseUrl, recording),
        }),
      ),
    );
  };
  const viewOf = async (baseUrl: string, recording: Recording) => (await viewsOf(baseUrl, [recording]))[0];

  return [
    route({
      method: 'GET',
      path: '/v1/recordings',
      operationId: 'listRecordings',
      tag: 'Recordings',
      summary: 'List recordings, newest first.',
      scope: 'read',
      query: z.strictObject({
        ...pageQuery,
        stream: streamPartSchema.optional(),
        domain: domainNameSchema.optional(),
        app: streamPartSchema.optional(),
        state: recordingStateSchema.optional().describe('Those in this state.'),
        taskId: idSchema.optional(),
        from: momentSchema.optional().describe('Those that started at this time or later.'),
        to: momentSchema.optional().describe('Those that started at this time or earlier.'),
      }),
      response: { status: 200, schema: listOf(recordingView) },
      example: { query: { stream: 'show' }, response: { items: [RECORDING], cursor: null } },
      async handle({ query: { limit, cursor, ...filter }, baseUrl }) {
        const page = await readPage(() => recordings.list(defined(filter), limit, cursor));
        return { items: await viewsOf(baseUrl, page.items), cursor: page.cursor };
      },
    }),
    route({
      method: 'GET',
      path: '/v1/recordings/{recordId}',
      operationId: 'getRecording',
      tag: 'Recordings',
      summary: 'Get one recording.',
      scope: 'read',
      params,
      response: { status: 200, schema: recordingView },
      example: { params: { recordId: RECORD_ID }, response: RECORDING },
      async handle({ params: { recordId }, baseUrl }) {
        const recording = expectFound('recording', recordId, await recordings.get(recordId));
        return viewOf(baseUrl, recording);
      },
    }),
    route({
      method: 'POST',
      path: '/v1/recordings/{recordId}/stop',
      operationId: 'stopRecording',
      tag: 'Recordings',
      summary: 'End a recording although its stream goes on. Nothing happens to one that has ended.',
      scope: 'write',
      params,
      response: { status: 202, schema: recordingView },
      example: { params: { recordId: RECORD_ID }, response: RECORDING },
      async handle({ params: { recordId }, baseUrl }) {
        const recording = expectFound('recording', recordId, await stopRecording(recordId));
        return viewOf(baseUrl, recording);
      },
    }),
  ];
};
