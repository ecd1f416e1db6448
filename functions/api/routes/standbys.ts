import * as z from 'zod';
import type { StandbyChange, StandbyCreation } from '../../../shared/config/standbys.ts';
import type { Problem } from '../../../shared/problems/problem.ts';
import { conflict, invalidRequest } from '../../../shared/problems/problems.ts';
import {
  MOST_STANDBY_BODY_BYTES,
  type Standby,
  standbyInputSchema,
} from '../../../shared/schemas/standby.ts';
import { changed, expectFound, expectRemoved, noSuch } from '../expect.ts';
import { listOf, pageQuery, readPage } from '../lists.ts';
import { type Route, route, versioned } from '../route.ts';
import type { Services } from '../services.ts';
import { standbyView, standbyViewOf } from '../standby-view.ts';
import { idSchema } from './ids.ts';

const params = z.strictObject({ standbyId: idSchema });

const SHA256 = '9b1d3f5a7c9e1b3d5f7a9c0e2b4d6f8a1c3e5b7d9f013f0a1c5e7b9d2f4a6c8e';
// A single transparent pixel.
const DATA =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg==';
const EXAMPLE = {
  standbyId: 'stb_01KAN2VXJ8Q6S5T4R3P2N1M0K9',
  name: 'back-soon',
  contentType: 'image/png',
  width: 1920,
  height: 1080,
  sizeBytes: 204_110,
  sha256: SHA256,
  url: `https://s3.eu-central-1.amazonaws.com/streamkeep-spool/standbys/01KAN2VXJ8/${SHA256}.png?X-Amz-Signature=...`,
  createdAt: '2026-11-22T10:00:00.000Z',
  updatedAt: '2026-11-22T10:00:00.000Z',
};
const exampleParams = { standbyId: EXAMPLE.standbyId };

const refusalOf = (
  name: string,
  refused: Extract<StandbyCreation, { type: 'name-taken' | 'faulty' }>,
): Problem =>
  refused.type === 'faulty'
    ? invalidRequest([{ in: 'body', field: refused.field, message: refused.message }])
    : conflict('name-taken', 'The name is taken.', `There is standby content named ${name} already.`);

const changeRefusalOf = (
  standbyId: string,
  name: string,
  ifMatch: string | undefined,
  change: Exclude<StandbyChange, { type: 'replaced' }>,
): Problem => {
  switch (change.type) {
    case 'missing':
      return noSuch('standby content', standbyId);
    case 'changed':
      return changed(standbyId, ifMatch);
    default:
      return refusalOf(name, change);
  }
};

export const standbyRoutes = ({
  standbys,
  storeOf,
  spool,
}: Pick<Services, 'standbys' | 'storeOf' | 'spool'>): Route[] => {
  const viewOf = (standby: Standby) => standbyViewOf(storeOf(spool), standby);
  const body = {
    body: standbyInputSchema,
    largestBody: {
      bytes: MOST_STANDBY_BODY_BYTES,
      advice: 'AWS Lambda takes requests of 6 MB in all. Send a smaller file.',
    },
  };

  return [
    route({
      method: 'POST',
      path: '/v1/standbys',
      operationId: 'createStandby',
      tag: 'Standbys',
      summary: 'Add standby content: an image, or a short video.',
      scope: 'write',
      ...body,
      response: { status: 201, schema: standbyView, etag: true },
      problems: [502],
      example: { body: { name: 'back-soon', data: DATA }, response: EXAMPLE },
      async handle({ body: input }) {
        const creation = await standbys.create(input);
        if (creation.type !== 'created') throw refusalOf(input.name, creation);
        return versioned(await viewOf(creation.item), creation.version);
      },
    }),
    route({
      method: 'GET',
      path: '/v1/standbys',
      operationId: 'listStandbys',
      tag: 'Standbys',
      summary: 'List standby content, by name.',
      scope: 'read',
      query: z.strictObject(pageQuery),
      response: { status: 200, schema: listOf(standbyView) },
      example: { query: { limit: '20' }, response: { items: [EXAMPLE], cursor: null } },
      async handle({ query }) {
        const { items, cursor } = await readPage(() => standbys.list(query));
        return { items: await Promise.all(items.map(viewOf)), cursor };
      },
    }),
    route({
      method: 'GET',
      path: '/v1/standbys/{standbyId}',
      operationId: 'getStandby',
      tag: 'Standbys',
      summary: 'Get standby content, with the domains that name it.',
      scope: 'read',
      params,
      response: {
        status: 200,
        schema: standbyView.extend({
          usedBy: z.array(z.string()).describe('The domains that name it; the first 20 or so.'),
        }),
        etag: true,
      },
      example: { params: exampleParams, response: { ...EXAMPLE, usedBy: ['push.example.com'] } },
      async handle({ params: { standbyId } }) {
        const found = expectFound('standby content', standbyId, await standbys.get(standbyId));
        const usedBy = await standbys.usedBy(standbyId);
        return versioned({ ...(await viewOf(found.item)), usedBy }, found.version);
      },
    }),
    route({
      method: 'PUT',
      path: '/v1/standbys/{standbyId}',
      operationId: 'replaceStandby',
      tag: 'Standbys',
      summary:
        'Replace standby content. Its file need not be sent again: name its `sha256`. It counts from the next session on.',
      scope: 'write',
      params,
      ...body,
      ifMatch: 'required',
      response: { status: 200, schema: standbyView, etag: true },
      problems: [502],
      example: {
        params: exampleParams,
        body: { name: 'back-soon', data: DATA },
        response: EXAMPLE,
      },
      async handle({ params: { standbyId }, body: input, ifMatch }) {
        const change = await standbys.replace(standbyId, input, ifMatch);
        if (change.type !== 'replaced') throw changeRefusalOf(standbyId, input.name, ifMatch, change);
        return versioned(await viewOf(change.item), change.version);
      },
    }),
    route({
      method: 'DELETE',
      path: '/v1/standbys/{standbyId}',
      operationId: 'deleteStandby',
      tag: 'Standbys',
      summary: 'Delete standby content that no domain names.',
      scope: 'write',
      params,
      ifMatch: 'optional',
      response: { status: 204 },
      example: { params: exampleParams },
      async handle({ params: { standbyId }, ifMatch }) {
        const removal = await standbys.remove(standbyId, ifMatch);
        expectRemoved('standby content', standbyId, removal, ifMatch);
      },
    }),
  ];
};
