import * as z from 'zod';
import { domainNameSchema, streamPartSchema, timeSchema } from '../../../shared/schemas/names.ts';
import { mediaSchema, type Recording, recordingStateSchema } from '../../../shared/schemas/recording.ts';
import { type Stream, streamSchema } from '../../../shared/schemas/stream.ts';
import type { Page } from '../../../shared/table/pages.ts';
import { listOf, pageQuery, readPage } from '../lists.ts';
import { createProgress, type ProgressView, progressExample, progressView } from '../progress.ts';
import { type Route, route } from '../route.ts';
import { defined, type Services } from '../services.ts';
import {
  createThumbnailLinks,
  type ThumbnailLinks,
  thumbnailsExample,
  thumbnailsView,
} from '../thumbnails.ts';

const streamRecordingView = z
  .object({
    recordId: z.string(),
    taskId: z.string().nullable().describe('The task that asked for it; null: a rule did.'),
    templateId: z.string().nullable().describe('null: of a task without a template.'),
    state: recordingStateSchema,
    progress: progressView.nullable().describe('null while no recorder has it, and when it has ended.'),
    media: mediaSchema.nullable().describe('null until it is known.'),
    thumbnails: thumbnailsView.nullable().describe('null: there are none.'),
  })
  .meta({ id: 'StreamRecording', description: 'A recording of a session.' });

const streamView = streamSchema
  .pick({ domain: true, app: true, stream: true, sessionId: true, live: true, startedAt: true })
  .extend({
    endedAt: timeSchema.nullable(),
    notRecorded: z.string().nullable().describe('Why this session is not recorded; null when it is.'),
    recordIds: z.array(z.string()).describe('The ids of its recordings.'),
    recordings: z.array(streamRecordingView),
  })
  .meta({ id: 'Stream', description: 'The latest session of a stream.' });

const example: z.input<typeof streamView> = {
  domain: 'push.example.com',
  app: 'live',
  stream: 'show',
  sessionId: '01KAN2VXJ8Q6S5T4R3P2N1M0K8',
  live: true,
  startedAt: '2026-11-22T10:00:00.000Z',
  endedAt: null,
  notRecorded: null,
  recordIds: ['rec_5f2c0e7b9d1a4c38b6e07f91a2'],
  recordings: [
    {
      recordId: 'rec_5f2c0e7b9d1a4c38b6e07f91a2',
      taskId: null,
      templateId: '01KAN2VXJ8Q6S5T4R3P2N1M0K7',
      state: 'recording',
      progress: progressExample,
      media: {
        videoCodec: 'h264',
        width: 1920,
        height: 1080,
        framesPerSecond: 30,
        audioCodec: 'aac',
        audioSampleRate: 48_000,
        audioChannels: 2,
      },
      thumbnails: thumbnailsExample,
    },
  ],
};

const recordingViewOf = (
  { recordId, taskId, plan, state, media }: Recording,
  progress: ProgressView | null,
  thumbnails: ThumbnailLinks | null,
): z.input<typeof streamRecordingView> => ({
  recordId,
  taskId: taskId ?? null,
  templateId: plan.templateId ?? null,
  state,
  progress,
  media: media ?? null,
  thumbnails,
});

const query = z.strictObject({
  ...pageQuery,
  live: z
    .enum(['true', 'false'])
    .default('true')
    .transform((live) => live === 'true')
    .describe('`false`: those that have ended in the last 30 days.'),
  domain: domainNameSchema.optional(),
  app: streamPartSchema.optional(),
  stream: streamPartSchema.optional(),
});

type StreamServices = Pick<
  Services,
  'streams' | 'recordings' | 'recorders' | 'storeOf' | 'signingKey' | 'now'
>;

export const streamRoutes = ({ streams, recordings, recorders, ...signing }: StreamServices): Route[] => {
  const readProgress = createProgress(recorders);
  const thumbnailsOf = createThumbnailLinks(signing);

  /** With two reads, or one for each 100 recordings and recorders. */
  const viewsOf = async (
    baseUrl: string,
    found: readonly Stream[],
  ): Promise<z.input<typeof streamView>[]> => {
    const theirs = await recordings.getMany(found.flatMap(({ recordIds }) => recordIds));
    const progressOf = await readProgress(theirs);
    const viewed = await Promise.all(
      theirs.map(async (recording) => {
        const thumbnails = await thumbnailsOf(baseUrl, recording);
        return [
          recording.recordId,
          recordingViewOf(recording, progressOf(recording.recordId), thumbnails),
        ] as const;
      }),
    );
    const byId = new Map(viewed);
    return found.map((stream) => ({
      ...stream,
      endedAt: stream.endedAt ?? null,
      notRecorded: stream.notRecorded ?? null,
      recordings: stream.recordIds.flatMap((recordId) => {
        const recording = byId.get(recordId);
        return recording === undefined ? [] : [recording];
      }),
    }));
  };

  const find = async ({ live, limit, cursor, ...filter }: z.output<typeof query>): Promise<Page<Stream>> => {
    const { domain, app, stream } = filter;
    if (domain === undefined || app === undefined || stream === undefined) {
      return readPage(() => streams.list(live, limit, cursor, defined(filter)));
    }
    const found = await streams.get({ domain, app, stream });
    return { items: found === undefined || found.live !== live ? [] : [found], cursor: null };
  };

  return [
    route({
      method: 'GET',
      path: '/v1/streams',
      operationId: 'listStreams',
      tag: 'Streams',
      summary:
        'List what is live, newest first: how its recordings are getting on, or why it is not recorded.',
      scope: 'read',
      query,
      response: { status: 200, schema: listOf(streamView) },
      example: { query: { domain: 'push.example.com' }, response: { items: [example], cursor: null } },
      async handle({ query: asked, baseUrl }) {
        const { items, cursor } = await find(asked);
        return { items: await viewsOf(baseUrl, items), cursor };
      },
    }),
  ];
};
