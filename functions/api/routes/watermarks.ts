import * as z from 'zod';
import type { WatermarkChange, WatermarkCreation } from '../../../shared/config/watermarks.ts';
import type { Problem } from '../../../shared/problems/problem.ts';
import { conflict, invalidRequest } from '../../../shared/problems/problems.ts';
import {
  MOST_WATERMARK_BODY_BYTES,
  type Watermark,
  watermarkInputSchema,
} from '../../../shared/schemas/watermark.ts';
import { changed, expectFound, expectRemoved, noSuch } from '../expect.ts';
import { listOf, pageQuery, readPage } from '../lists.ts';
import { type Route, route, versioned } from '../route.ts';
import type { Services } from '../services.ts';
import { watermarkView, watermarkViewOf } from '../watermark-view.ts';
import { idSchema } from './ids.ts';
import { usedByField } from './used-by.ts';

const params = z.strictObject({ watermarkId: idSchema });

const SHA256 = '3f0a1c5e7b9d2f4a6c8e0b1d3f5a7c9e1b3d5f7a9c0e2b4d6f8a1c3e5b7d9f01';
const PLACEMENT = { xPercent: 88, yPercent: 4, widthPercent: 10, opacityPercent: 80 };
// A single transparent pixel.
const DATA =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg==';
const EXAMPLE = {
  watermarkId: 'wmk_01KAN2VXJ8Q6S5T4R3P2N1M0K9',
  name: 'logo',
  images: [
    {
      ...PLACEMENT,
      sha256: SHA256,
      contentType: 'image/png',
      width: 320,
      height: 180,
      sizeBytes: 14_230,
      url: `https://s3.eu-central-1.amazonaws.com/streamkeep-spool/watermarks/01KAN2VXJ8/${SHA256}.png?X-Amz-Signature=...`,
    },
  ],
  createdAt: '2026-11-22T10:00:00.000Z',
  updatedAt: '2026-11-22T10:00:00.000Z',
};
const exampleParams = { watermarkId: EXAMPLE.watermarkId };

const refusalOf = (
  name: string,
  refused: Extract<WatermarkCreation, { type: 'name-taken' | 'faulty' }>,
): Problem =>
  refused.type === 'faulty'
    ? invalidRequest(refused.faults.map((fault) => ({ in: 'body', ...fault })))
    : conflict('name-taken', 'The name is taken.', `There is a watermark named ${name} already.`);

const changeRefusalOf = (
  watermarkId: string,
  name: string,
  ifMatch: string | undefined,
  change: Exclude<WatermarkChange, { type: 'replaced' }>,
): Problem => {
  switch (change.type) {
    case 'missing':
      return noSuch('watermark', watermarkId);
    case 'changed':
      return changed(watermarkId, ifMatch);
    default:
      return refusalOf(name, change);
  }
};

export const watermarkRoutes = ({
  watermarks,
  storeOf,
  spool,
}: Pick<Services, 'watermarks' | 'storeOf' | 'spool'>): Route[] => {
  const viewOf = (watermark: Watermark) => watermarkViewOf(storeOf(spool), watermark);
  const body = {
    body: watermarkInputSchema,
    largestBody: {
      bytes: MOST_WATERMARK_BODY_BYTES,
      advice:
        'AWS Lambda takes requests of 6 MB in all. Send the images one after the other: change the watermark, and name ' +
        'those that it has already by their sha256.',
    },
  };

  return [
    route({
      method: 'POST',
      path: '/v1/watermarks',
      operationId: 'createWatermark',
      tag: 'Watermarks',
      summary: 'Add a watermark, with its images.',
      scope: 'write',
      ...body,
      response: { status: 201, schema: watermarkView, etag: true },
      problems: [502],
      example: { body: { name: 'logo', images: [{ ...PLACEMENT, data: DATA }] }, response: EXAMPLE },
      async handle({ body: input }) {
        const creation = await watermarks.create(input);
        if (creation.type !== 'created') throw refusalOf(input.name, creation);
        return versioned(await viewOf(creation.item), creation.version);
      },
    }),
    route({
      method: 'GET',
      path: '/v1/watermarks',
      operationId: 'listWatermarks',
      tag: 'Watermarks',
      summary: 'List the watermarks, by name.',
      scope: 'read',
      query: z.strictObject(pageQuery),
      response: { status: 200, schema: listOf(watermarkView) },
      example: { query: { limit: '20' }, response: { items: [EXAMPLE], cursor: null } },
      async handle({ query }) {
        const { items, cursor } = await readPage(() => watermarks.list(query));
        return { items: await Promise.all(items.map(viewOf)), cursor };
      },
    }),
    route({
      method: 'GET',
      path: '/v1/watermarks/{watermarkId}',
      operationId: 'getWatermark',
      tag: 'Watermarks',
      summary: 'Get one watermark, with the templates that use it.',
      scope: 'read',
      params,
      response: { status: 200, schema: watermarkView.extend(usedByField), etag: true },
      example: {
        params: exampleParams,
        response: { ...EXAMPLE, usedBy: ['tpl_01KAN2VXJ8Q6S5T4R3P2N1M0K9'] },
      },
      async handle({ params: { watermarkId } }) {
        const found = expectFound('watermark', watermarkId, await watermarks.get(watermarkId));
        const usedBy = await watermarks.usedBy(watermarkId);
        return versioned({ ...(await viewOf(found.item)), usedBy }, found.version);
      },
    }),
    route({
      method: 'PUT',
      path: '/v1/watermarks/{watermarkId}',
      operationId: 'replaceWatermark',
      tag: 'Watermarks',
      summary: 'Replace a watermark. Images that it has already need not be sent again: name their `sha256`.',
      scope: 'write',
      params,
      ...body,
      ifMatch: 'required',
      response: { status: 200, schema: watermarkView, etag: true },
      problems: [502],
      example: {
        params: exampleParams,
        body: { name: 'logo', images: [{ ...PLACEMENT, data: DATA }] },
        response: EXAMPLE,
      },
      async handle({ params: { watermarkId }, body: input, ifMatch }) {
        const change = await watermarks.replace(watermarkId, input, ifMatch);
        if (change.type !== 'replaced') throw changeRefusalOf(watermarkId, input.name, ifMatch, change);
        return versioned(await viewOf(change.item), change.version);
      },
    }),
    route({
      method: 'DELETE',
      path: '/v1/watermarks/{watermarkId}',
      operationId: 'deleteWatermark',
      tag: 'Watermarks',
      summary: 'Delete a watermark. Templates that use it record without it from then on, and say so.',
      scope: 'write',
      params,
      ifMatch: 'optional',
      response: { status: 204 },
      example: { params: exampleParams },
      async handle({ params: { watermarkId }, ifMatch }) {
        expectRemoved('watermark', watermarkId, await watermarks.remove(watermarkId, ifMatch), ifMatch);
      },
    }),
  ];
};
