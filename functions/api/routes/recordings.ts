import { z } from 'zod';
import { conflict, notFound } from '../../../shared/problems/problems.ts';
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
import { listOf, pageQuery, readPage } from '../lists.ts';
import { type Route, route } from '../route.ts';
import { defined, type Services } from '../services.ts';
import { idSchema } from './ids.ts';

const recordingView = recordingSchema
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
    templateId: z.string(),
    formats: z.array(formatSchema),
    endedAt: timeSchema.nullable(),
    /** Why it ended, paused or failed. */
    reason: reasonSchema.nullable(),
    pausedUntil: timeSchema.nullable(),
    /** What the stream carries, as soon as that is known. */
    media: mediaSchema.nullable(),
  });

const viewOf = (recording: Recording): z.input<typeof recordingView> => ({
  ...recording,
  templateId: recording.plan.templateId,
  formats: formatSchema.options.filter((format) => recording.plan.formats[format] !== undefined),
  endedAt: recording.endedAt ?? null,
  reason: recording.reason ?? null,
  pausedUntil: recording.pausedUntil ?? null,
  media: recording.media ?? null,
});

/** Times are compared as text, so all must be in the form that is stored. */
const momentSchema = z.iso
  .datetime({ offset: true, message: 'must be an RFC 3339 time, such as 2026-11-22T10:00:00Z' })
  .transform((time) => new Date(time).toISOString());

const params = z.strictObject({ recordId: idSchema });
const missing = (recordId: string) => notFound(`There is no recording ${recordId}.`);

const notStoppable = (recordId: string, why: string) =>
  conflict('not-stoppable', 'It cannot be stopped now.', `Recording ${recordId} ${why}.`);

export const recordingRoutes = ({
  recordings,
  recorders,
}: Pick<Services, 'recordings' | 'recorders'>): Route[] => [
  route({
    method: 'GET',
    path: '/v1/recordings',
    summary: 'List recordings, newest first.',
    scope: 'read',
    query: z.strictObject({
      ...pageQuery,
      stream: streamPartSchema.optional(),
      domain: domainNameSchema.optional(),
      app: streamPartSchema.optional(),
      state: recordingStateSchema.optional(),
      /** Started at or after this time. */
      from: momentSchema.optional(),
      /** Started at or before this time. */
      to: momentSchema.optional(),
    }),
    response: { status: 200, schema: listOf(recordingView) },
    async handle({ query: { limit, cursor, ...filter } }) {
      const page = await readPage(() => recordings.list(defined(filter), limit, cursor));
      return { items: page.items.map(viewOf), cursor: page.cursor };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/recordings/{recordId}',
    summary: 'Get one recording.',
    scope: 'read',
    params,
    response: { status: 200, schema: recordingView },
    async handle({ params: { recordId } }) {
      const recording = await recordings.get(recordId);
      if (recording === undefined) throw missing(recordId);
      return viewOf(recording);
    },
  }),
  route({
    method: 'POST',
    path: '/v1/recordings/{recordId}/stop',
    summary: 'End a recording although its stream goes on. Its files are ready seconds later.',
    scope: 'write',
    params,
    response: { status: 202, schema: recordingView },
    async handle({ params: { recordId } }) {
      const recording = await recordings.get(recordId);
      if (recording === undefined) throw missing(recordId);
      const { state, owner } = recording;
      if (state !== 'recording') throw notStoppable(recordId, `is ${state}`);
      if (owner === undefined)
        throw notStoppable(recordId, 'is waiting for a recorder; try again in some seconds');
      if (!(await recorders.command(owner, recordId, { stop: 'stopped' }))) {
        throw notStoppable(recordId, 'is changing its recorder; try again in some seconds');
      }
      return viewOf(recording);
    },
  }),
];
