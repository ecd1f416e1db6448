import * as z from 'zod';
import { misfitText } from '../../../shared/config/format-codecs.ts';
import type { TranscodeChange } from '../../../shared/config/transcodes.ts';
import type { Problem } from '../../../shared/problems/problem.ts';
import { conflict } from '../../../shared/problems/problems.ts';
import { transcodeInputSchema, transcodeSchema } from '../../../shared/schemas/transcode.ts';
import { changed, expectFound, expectRemoved, noSuch } from '../expect.ts';
import { listOf, pageQuery, readPage } from '../lists.ts';
import { type Route, route, versioned } from '../route.ts';
import type { Services } from '../services.ts';
import { idSchema } from './ids.ts';
import { usedByField } from './used-by.ts';

const transcodeView = z.object(transcodeSchema.shape).meta({ id: 'Transcode' });
const params = z.strictObject({ transcodeId: idSchema });

const EXAMPLE_INPUT = {
  name: 'hd',
  video: { codec: 'h264', bitrateKbps: 3000, height: 720, framesPerSecond: 30 },
  audio: { codec: 'aac', bitrateKbps: 128 },
};
const EXAMPLE = {
  ...EXAMPLE_INPUT,
  video: { ...EXAMPLE_INPUT.video, gopSeconds: 2 },
  transcodeId: 'trc_01KAN2VXJ8Q6S5T4R3P2N1M0K9',
  createdAt: '2026-11-22T10:00:00.000Z',
  updatedAt: '2026-11-22T10:00:00.000Z',
};
const exampleParams = { transcodeId: EXAMPLE.transcodeId };

const nameTaken = (name: string): Problem =>
  conflict('name-taken', 'The name is taken.', `There is a transcode template named ${name} already.`);

const refusalOf = (
  transcodeId: string,
  name: string,
  ifMatch: string | undefined,
  change: Exclude<TranscodeChange, { type: 'replaced' }>,
): Problem => {
  switch (change.type) {
    case 'missing':
      return noSuch('transcode template', transcodeId);
    case 'changed':
      return changed(transcodeId, ifMatch);
    case 'name-taken':
      return nameTaken(name);
    case 'misfits': {
      const texts = change.misfits.map(
        (misfit) =>
          `The template ${misfit.template.name} (${misfit.template.templateId}) records ${misfit.format}, which ${misfitText(misfit)}.`,
      );
      const usedBy = [...new Set(change.misfits.map(({ template }) => template.templateId))];
      return conflict('in-use', 'It is in use.', texts.join(' '), { usedBy });
    }
  }
};

export const transcodeRoutes = ({ transcodes }: Pick<Services, 'transcodes'>): Route[] => [
  route({
    method: 'POST',
    path: '/v1/transcodes',
    operationId: 'createTranscode',
    tag: 'Transcodes',
    summary: 'Add a transcode template.',
    scope: 'write',
    body: transcodeInputSchema,
    response: { status: 201, schema: transcodeView, etag: true },
    example: { body: EXAMPLE_INPUT, response: EXAMPLE },
    async handle({ body }) {
      const creation = await transcodes.create(body);
      if (creation.type !== 'created') throw nameTaken(body.name);
      return versioned(creation.item, creation.version);
    },
  }),
  route({
    method: 'GET',
    path: '/v1/transcodes',
    operationId: 'listTranscodes',
    tag: 'Transcodes',
    summary: 'List the transcode templates, by name.',
    scope: 'read',
    query: z.strictObject(pageQuery),
    response: { status: 200, schema: listOf(transcodeView) },
    example: { query: { limit: '20' }, response: { items: [EXAMPLE], cursor: null } },
    handle: ({ query }) => readPage(() => transcodes.list(query)),
  }),
  route({
    method: 'GET',
    path: '/v1/transcodes/{transcodeId}',
    operationId: 'getTranscode',
    tag: 'Transcodes',
    summary: 'Get one transcode template, with the templates that use it.',
    scope: 'read',
    params,
    response: { status: 200, schema: transcodeView.extend(usedByField), etag: true },
    example: { params: exampleParams, response: { ...EXAMPLE, usedBy: ['tpl_01KAN2VXJ8Q6S5T4R3P2N1M0K9'] } },
    async handle({ params: { transcodeId } }) {
      const found = expectFound('transcode template', transcodeId, await transcodes.get(transcodeId));
      const usedBy = await transcodes.usedBy(transcodeId);
      return versioned({ ...found.item, usedBy }, found.version);
    },
  }),
  route({
    method: 'PUT',
    path: '/v1/transcodes/{transcodeId}',
    operationId: 'replaceTranscode',
    tag: 'Transcodes',
    summary: 'Replace a transcode template. It counts for recordings that begin from now on.',
    scope: 'write',
    params,
    body: transcodeInputSchema,
    ifMatch: 'required',
    response: { status: 200, schema: transcodeView, etag: true },
    example: { params: exampleParams, body: EXAMPLE_INPUT, response: EXAMPLE },
    async handle({ params: { transcodeId }, body, ifMatch }) {
      const change = await transcodes.replace(transcodeId, body, ifMatch);
      if (change.type !== 'replaced') throw refusalOf(transcodeId, body.name, ifMatch, change);
      return versioned(change.item, change.version);
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/transcodes/{transcodeId}',
    operationId: 'deleteTranscode',
    tag: 'Transcodes',
    summary: 'Delete a transcode template. Templates that use it record without it from then on, and say so.',
    scope: 'write',
    params,
    ifMatch: 'optional',
    response: { status: 204 },
    example: { params: exampleParams },
    async handle({ params: { transcodeId }, ifMatch }) {
      const removal = await transcodes.remove(transcodeId, ifMatch);
      expectRemoved('transcode template', transcodeId, removal, ifMatch);
    },
  }),
];
