import * as z from 'zod';
import { requestDeletion } from '../../../shared/deletion/request-deletion.ts';
import { conflict, notFound } from '../../../shared/problems/problems.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import { idSchema } from './ids.ts';
import { RECORDING, recordingView, recordingViewOf } from './recordings.ts';

type DeletionServices = Pick<Services, 'recordings' | 'queueDeletion' | 'now'>;

export const recordingDeletionRoutes = (services: DeletionServices): Route[] => [
  route({
    method: 'DELETE',
    path: '/v1/recordings/{recordId}',
    operationId: 'deleteRecording',
    tag: 'Recordings',
    summary: 'Delete the record of a recording that has ended; with `objects=true` also what was recorded.',
    scope: 'write',
    params: z.strictObject({ recordId: idSchema }),
    query: z.strictObject({
      objects: z
        .enum(['true', 'false'])
        .default('false')
        .transform((objects) => objects === 'true')
        .describe(
          '`true`: every object of it is deleted from its bucket, and this cannot be undone. `false`: they all stay, and Streamkeep forgets them.',
        ),
    }),
    response: { status: 202, schema: recordingView },
    example: {
      params: { recordId: RECORDING.recordId },
      query: { objects: 'true' },
      response: {
        ...RECORDING,
        state: 'completed',
        endedAt: '2026-11-22T11:00:00.000Z',
        reason: { cause: 'source', code: 'session-ended', text: 'The stream ended.' },
        progress: null,
        deletion: {
          requestedAt: '2026-11-22T12:00:00.000Z',
          objects: true,
          record: true,
          failures: 0,
          reason: null,
          nextTryAt: '2026-11-22T12:20:00.000Z',
        },
      },
    },
    async handle({ params: { recordId }, query: { objects } }) {
      const request = await requestDeletion(services, recordId, { objects, record: true });
      switch (request.type) {
        case 'missing':
          throw notFound(`There is no recording ${recordId}.`);
        case 'unfinished':
          throw conflict(
            'not-deletable',
            'It cannot be deleted yet.',
            `Recording ${recordId} is ${request.state}. Stop it first; seconds later its files are closed.`,
          );
        case 'objects-left':
          throw conflict(
            'not-deletable',
            'It is being deleted already.',
            `Recording ${recordId} is being deleted without its objects.`,
          );
        case 'requested':
          return recordingViewOf(request.recording, { progress: null, manifest: null, thumbnails: null });
      }
    },
  }),
];
