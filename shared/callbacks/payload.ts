import * as z from 'zod';
import {
  manifestPlaceSchema,
  type Notice,
  type RecordingSummary,
  recordingSummarySchema,
  runSummarySchema,
} from '../events/notices.ts';
import { timeSchema } from '../schemas/names.ts';
import { fileSchema, reasonSchema } from '../schemas/recording.ts';

const RECORDING: RecordingSummary = {
  recordId: 'rec_01JDA0G6QV4T5N8Z2X7C9B1M3K',
  domain: 'push.example.com',
  app: 'live',
  stream: 'show',
  sessionId: 'ses_01JDA0G6PX1H6R3D8F0W2Y5S7A',
  templateId: 'tpl_01JD9ZK4E8M2V6B0Q3T7N1C5XH',
  state: 'recording',
  startedAt: '2026-11-22T10:00:00.000Z',
  formats: ['hls', 'mp4'],
  media: { videoCodec: 'h264', width: 1920, height: 1080, audioCodec: 'aac' },
};
const ENDED: RecordingSummary = { ...RECORDING, state: 'completed', endedAt: '2026-11-22T11:00:00.000Z' };
const INTERRUPTED = { cause: 'source', code: 'session-ended', text: 'The stream ended.' } as const;
const UNREACHABLE = {
  cause: 'source',
  code: 'source-unreachable',
  text: 'The source could not be reached.',
} as const;
const FILE = {
  fileId: '0001-mp4',
  format: 'mp4',
  bucket: 'my-recordings',
  region: 'eu-central-1',
  key: 'origin/push.example.com/live/show/2026-11-22-10-00-00.mp4',
  location: 'primary',
  sizeBytes: 1_800_000_000,
  durationSeconds: 3600,
  startedAt: '2026-11-22T10:00:00.000Z',
  readyAt: '2026-11-22T11:00:01.000Z',
} as const;

const recording = recordingSummarySchema.meta({ id: 'CallbackRecording' });
const file = fileSchema
  .pick({
    fileId: true,
    format: true,
    bucket: true,
    key: true,
    location: true,
    sizeBytes: true,
    durationSeconds: true,
    startedAt: true,
  })
  .extend({
    region: z
      .string()
      .optional()
      .meta({ description: 'Of the bucket; absent while the file is in the spool.' }),
    readyAt: timeSchema,
    locatedAt: timeSchema.optional().meta({ description: 'Since when it is there; absent: since it began.' }),
  })
  .meta({ id: 'CallbackFile' });

const run = runSummarySchema.meta({ id: 'CallbackRun' });
const RUN = {
  runId: 'run_0001-hls-0001_5b1e0c2f9a37',
  format: 'hls',
  fileId: '0001-hls-0001',
  orchestrationId: 'orc_01KAN2X5B6C7D8E9F0G1H2J3K4',
  orchestrationName: 'library',
  createdAt: '2026-11-22T11:00:01.000Z',
  endedAt: '2026-11-22T11:00:09.000Z',
} as const;
const OUTPUT = {
  format: 'mp4',
  bucket: 'my-recordings',
  key: 'origin/push.example.com/live/show/2026-11-22-10-00-00-hls-film.mp4',
  sizeBytes: 1_800_000_000,
  objects: 1,
  durationSeconds: 3600,
} as const;
const NOT_THERE = {
  cause: 'source',
  code: 'input-unsuitable',
  text: 'This step can make nothing of what was recorded.',
} as const;

const EXAMPLE_ID = 'evt_3f1d2a9c5b7e48d6a0c4f8e2b6d19753';

/** One kind of event, shown by what it holds in an example. */
const event = <const Type extends string, Data extends z.ZodRawShape>(
  type: Type,
  description: string,
  shape: Data,
  example: z.input<z.ZodObject<Data>>,
) =>
  z
    .object({
      id: z.string().meta({ description: 'The webhook-id header: the same however often it is sent.' }),
      type: z.literal(type),
      at: timeSchema.meta({ description: 'When it happened.' }),
      data: z.object(shape),
    })
    .meta({
      id: type.replace(/(^|[.-])(\w)/g, (_, __, letter: string) => letter.toUpperCase()).concat('Event'),
      description,
      examples: [{ id: EXAMPLE_ID, type, at: '2026-11-22T11:00:01.000Z', data: example }],
    });

/** Body of every request to the target of a callback. */
export const callbackPayloadSchema = z
  .discriminatedUnion('type', [
    event(
      'recording.started',
      'A recorder is connected and the stream is being recorded.',
      { recording },
      {
        recording: RECORDING,
      },
    ),
    event(
      'recording.paused',
      'The stream was interrupted; the recording waits for it until its resumption timeout is over.',
      { recording, reason: reasonSchema },
      { recording: { ...ENDED, state: 'paused' }, reason: INTERRUPTED },
    ),
    event(
      'recording.resumed',
      'The stream came back in time, and the same recording goes on.',
      { recording },
      {
        recording: RECORDING,
      },
    ),
    event(
      'recording.ended',
      'The recording is over and every file of it is closed.',
      {
        recording,
        reason: reasonSchema,
        manifest: manifestPlaceSchema
          .optional()
          .meta({ description: 'Where its `recording.json` is: all there is to know of it and its files.' }),
      },
      {
        recording: ENDED,
        reason: INTERRUPTED,
        manifest: {
          bucket: 'my-recordings',
          key: 'origin/push.example.com/live/show/2026-11-22-10-00-00/recording.json',
        },
      },
    ),
    event(
      'recording.failed',
      'The recording is over, and there is not one file of it.',
      { recording, reason: reasonSchema },
      { recording: { ...ENDED, state: 'failed' }, reason: UNREACHABLE },
    ),
    event(
      'file.ready',
      'A file is closed and lies in its bucket, to be played or downloaded.',
      { recording, file },
      { recording: RECORDING, file: FILE },
    ),
    event(
      'file.moved',
      'A file that was ready elsewhere, because its storage did not take it, lies in that storage now.',
      { recording, file },
      { recording: ENDED, file: { ...FILE, locatedAt: '2026-11-22T13:20:00.000Z' } },
    ),
    event(
      'post-processing.finished',
      'Every step of an orchestration has made its output.',
      { recording, run },
      {
        recording: ENDED,
        run: { ...RUN, steps: [{ name: 'film', kind: 'remux', state: 'succeeded', output: OUTPUT }] },
      },
    ),
    event(
      'post-processing.failed',
      'All that could be made is there; steps of the orchestration have failed.',
      { recording, run },
      {
        recording: ENDED,
        run: {
          ...RUN,
          steps: [{ name: 'pictures', kind: 'thumbnails', state: 'failed', reason: NOT_THERE }],
        },
      },
    ),
    event(
      'test',
      'Sent on demand, to try a target.',
      { callback: z.object({ callbackId: z.string(), name: z.string() }) },
      { callback: { callbackId: 'cbk_01JDA1B2C3D4E5F6G7H8J9K0MN', name: 'library' } },
    ),
  ])
  .meta({ id: 'CallbackPayload' });
export type CallbackPayload = z.infer<typeof callbackPayloadSchema>;

/** What callbacks are told of a notice; undefined when it is nothing for them. */
export const payloadOf = (notice: Notice, id: string): CallbackPayload | undefined => {
  const { at } = notice;
  switch (notice.type) {
    case 'file.opened':
      return undefined;
    case 'recording.started':
    case 'recording.resumed':
      return { id, type: notice.type, at, data: { recording: notice.recording } };
    case 'recording.ended': {
      const { recording, reason, manifest } = notice;
      const place = manifest === undefined ? {} : { manifest };
      return { id, type: notice.type, at, data: { recording, reason, ...place } };
    }
    case 'recording.paused':
    case 'recording.failed':
      return { id, type: notice.type, at, data: { recording: notice.recording, reason: notice.reason } };
    case 'post-processing.finished':
    case 'post-processing.failed':
      return { id, type: notice.type, at, data: { recording: notice.recording, run: notice.run } };
    case 'file.ready':
    case 'file.moved': {
      const ready = file.parse({ ...notice.file, readyAt: notice.file.readyAt ?? at });
      return { id, type: notice.type, at, data: { recording: notice.recording, file: ready } };
    }
  }
};
