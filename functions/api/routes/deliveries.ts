import * as z from 'zod';
import { makeDelivery } from '../../../shared/callbacks/make-delivery.ts';
import { jobOf } from '../../../shared/callbacks/queue.ts';
import { conflict, notFound } from '../../../shared/problems/problems.ts';
import { type Delivery, deliveryStateSchema } from '../../../shared/schemas/callback.ts';
import { expectFound } from '../expect.ts';
import { listOf, pageQuery, readPage } from '../lists.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import { deliveryView, showDelivery, showWholeDelivery, wholeDeliveryView } from './callback-views.ts';
import { idSchema } from './ids.ts';

const params = z.strictObject({ callbackId: idSchema });
const deliveryParams = z.strictObject({ callbackId: idSchema, deliveryId: idSchema });

const IDS = {
  callbackId: 'cbk_01JDA1B2C3D4E5F6G7H8J9K0MN',
  deliveryId: 'dlv_9b1e6f0c2d3a48579c6b1f2e3d4c5a6b',
};
const EVENT_ID = 'evt_3f1d2a9c5b7e48d6a0c4f8e2b6d19753';
const PENDING = {
  ...IDS,
  eventId: EVENT_ID,
  type: 'test',
  recordId: null,
  state: 'pending',
  failure: null,
  createdAt: '2026-11-22T10:00:00.000Z',
  tries: 0,
  nextTryAt: '2026-11-22T10:00:00.000Z',
  lastAttempt: null,
};
const ATTEMPT = { at: '2026-11-22T10:00:00.100Z', durationMs: 84, status: 204, error: null };
const DELIVERED = { ...PENDING, state: 'delivered', tries: 1, nextTryAt: null, lastAttempt: ATTEMPT };
const WHOLE = {
  ...DELIVERED,
  body: `{"id":"${EVENT_ID}","type":"test","at":"2026-11-22T10:00:00.000Z","data":{"callback":{"callbackId":"${IDS.callbackId}","name":"library"}}}`,
  attempts: [
    {
      ...ATTEMPT,
      request: {
        url: 'https://hooks.example.com/streamkeep',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'Streamkeep',
          'webhook-id': EVENT_ID,
          'webhook-timestamp': '1795428000',
          'webhook-signature': 'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
        },
      },
      contentType: null,
      answer: '',
    },
  ],
};

export const deliveryRoutes = ({
  callbacks,
  deliveries,
  deliveryQueue,
  sources,
}: Pick<Services, 'callbacks' | 'deliveries' | 'deliveryQueue' | 'sources'>): Route[] => {
  const existing = async (callbackId: string) => {
    const found = expectFound('callback', callbackId, await callbacks.get(callbackId));
    return found.callback;
  };

  const delivery = async ({ callbackId, deliveryId }: z.infer<typeof deliveryParams>): Promise<Delivery> => {
    const [found] = await Promise.all([deliveries.get(deliveryId), existing(callbackId)]);
    if (found?.callbackId === callbackId) return found;
    throw notFound(
      `There is no delivery ${deliveryId} to callback ${callbackId}; they are kept for 14 days.`,
    );
  };

  return [
    route({
      method: 'POST',
      path: '/v1/callbacks/{callbackId}/test',
      operationId: 'testCallback',
      tag: 'Callbacks',
      summary:
        'Send a `test` event now, also while the callback is disabled. The delivery tells what came of it.',
      scope: 'write',
      params,
      response: { status: 202, schema: deliveryView },
      example: { params: { callbackId: IDS.callbackId }, response: PENDING },
      async handle({ params: { callbackId } }) {
        const { name } = await existing(callbackId);
        const now = sources.now();
        const made = makeDelivery(
          {
            id: `evt_${sources.id()}`,
            type: 'test',
            at: now.toISOString(),
            data: { callback: { callbackId, name } },
          },
          callbackId,
          now,
        );
        await deliveries.add(made);
        await deliveryQueue.send([jobOf(made)]);
        return showDelivery(made);
      },
    }),
    route({
      method: 'GET',
      path: '/v1/callbacks/{callbackId}/deliveries',
      operationId: 'listDeliveries',
      tag: 'Callbacks',
      summary: 'List the deliveries to a callback in the last 14 days, newest first.',
      scope: 'read',
      params,
      query: z.strictObject({
        ...pageQuery,
        state: deliveryStateSchema.optional().describe('Those in this state.'),
      }),
      response: { status: 200, schema: listOf(deliveryView) },
      example: {
        params: { callbackId: IDS.callbackId },
        query: { state: 'delivered' },
        response: { items: [DELIVERED], cursor: null },
      },
      async handle({ params: { callbackId }, query }) {
        await existing(callbackId);
        const { items, cursor } = await readPage(() => deliveries.list(callbackId, query, query));
        return { items: items.map(showDelivery), cursor };
      },
    }),
    route({
      method: 'GET',
      path: '/v1/callbacks/{callbackId}/deliveries/{deliveryId}',
      operationId: 'getDelivery',
      tag: 'Callbacks',
      summary: 'Get one delivery, with all that was sent and answered.',
      scope: 'read',
      params: deliveryParams,
      response: { status: 200, schema: wholeDeliveryView },
      example: { params: IDS, response: WHOLE },
      handle: async ({ params: ids }) => showWholeDelivery(await delivery(ids)),
    }),
    route({
      method: 'POST',
      path: '/v1/callbacks/{callbackId}/deliveries/{deliveryId}/resend',
      operationId: 'resendDelivery',
      tag: 'Callbacks',
      summary:
        'Send an event again now, with the same webhook-id and, if need be, as many tries as the first time.',
      scope: 'write',
      params: deliveryParams,
      response: { status: 202, schema: deliveryView },
      example: { params: IDS, response: PENDING },
      async handle({ params: ids }) {
        const queued = await deliveries.queueAgain(await delivery(ids));
        if (queued === undefined) {
          throw conflict(
            'being-sent',
            'It is being sent now.',
            `${ids.deliveryId} is being sent at this moment; look at what comes of it.`,
          );
        }
        await deliveryQueue.send([jobOf(queued)]);
        return showDelivery(queued);
      },
    }),
  ];
};
