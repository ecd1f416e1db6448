import * as z from 'zod';
import { changedMeanwhile, conflict, invalidRequest } from '../../../shared/problems/problems.ts';
import { callbackInputSchema, MOST_CALLBACKS } from '../../../shared/schemas/callback.ts';
import { timeSchema } from '../../../shared/schemas/names.ts';
import { changed, expectFound, expectRemoved, noSuch } from '../expect.ts';
import { listOf, pageQuery, readPage } from '../lists.ts';
import { type Route, route, versioned } from '../route.ts';
import type { Services } from '../services.ts';
import { callbackView, showCallback } from './callback-views.ts';
import { idSchema } from './ids.ts';

const params = z.strictObject({ callbackId: idSchema });
const secretView = z.object({
  callbackId: z.string(),
  secret: z.string(),
  previousSecretUntil: timeSchema.nullable(),
});

const nameTaken = (name: string) =>
  conflict('name-taken', 'The name is taken.', `There is a callback named ${name} already.`);

const EXAMPLE_ID = 'cbk_01JDA1B2C3D4E5F6G7H8J9K0MN';
const EXAMPLE_SECRET = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';
const EXAMPLE_INPUT = {
  name: 'library',
  url: 'https://hooks.example.com/streamkeep',
  events: ['file.ready', 'recording.ended'],
};
const EXAMPLE = {
  callbackId: EXAMPLE_ID,
  ...EXAMPLE_INPUT,
  enabled: true,
  previousSecretUntil: null,
  createdAt: '2026-11-22T10:00:00.000Z',
  updatedAt: '2026-11-22T10:00:00.000Z',
};

export const callbackRoutes = ({
  callbacks,
  callbackTargets,
  now,
}: Pick<Services, 'callbacks' | 'callbackTargets' | 'now'>): Route[] => {
  const checkTarget = (url: string): void => {
    const message = callbackTargets.problem(new URL(url));
    if (message !== undefined) throw invalidRequest([{ in: 'body', field: 'url', given: url, message }]);
  };

  return [
    route({
      method: 'POST',
      path: '/v1/callbacks',
      operationId: 'createCallback',
      tag: 'Callbacks',
      summary: 'Have events sent to a URL. The answer is the only one that shows the secret.',
      scope: 'write',
      body: callbackInputSchema,
      response: { status: 201, schema: callbackView.extend({ secret: z.string() }), etag: true },
      example: { body: EXAMPLE_INPUT, response: { ...EXAMPLE, secret: EXAMPLE_SECRET } },
      async handle({ body }) {
        checkTarget(body.url);
        const creation = await callbacks.create(body);
        switch (creation.type) {
          case 'created': {
            const { callback, version } = creation;
            return versioned({ ...showCallback(callback, now()), secret: callback.secret }, version);
          }
          case 'name-taken':
            throw nameTaken(body.name);
          case 'too-many':
            throw conflict(
              'too-many',
              'There are too many.',
              `At most ${MOST_CALLBACKS} callbacks are possible; delete one first.`,
            );
        }
      },
    }),
    route({
      method: 'GET',
      path: '/v1/callbacks',
      operationId: 'listCallbacks',
      tag: 'Callbacks',
      summary: 'List the callbacks, oldest first.',
      scope: 'read',
      query: z.strictObject(pageQuery),
      response: { status: 200, schema: listOf(callbackView) },
      example: { response: { items: [EXAMPLE], cursor: null } },
      async handle({ query }) {
        const { items, cursor } = await readPage(() => callbacks.list(query));
        return { items: items.map((callback) => showCallback(callback, now())), cursor };
      },
    }),
    route({
      method: 'GET',
      path: '/v1/callbacks/{callbackId}',
      operationId: 'getCallback',
      tag: 'Callbacks',
      summary: 'Get one callback.',
      scope: 'read',
      params,
      response: { status: 200, schema: callbackView, etag: true },
      example: { params: { callbackId: EXAMPLE_ID }, response: EXAMPLE },
      async handle({ params: { callbackId } }) {
        const found = expectFound('callback', callbackId, await callbacks.get(callbackId));
        return versioned(showCallback(found.callback, now()), found.version);
      },
    }),
    route({
      method: 'PUT',
      path: '/v1/callbacks/{callbackId}',
      operationId: 'replaceCallback',
      tag: 'Callbacks',
      summary: 'Replace a callback. Its secret stays unless another one is given.',
      scope: 'write',
      params,
      body: callbackInputSchema,
      ifMatch: 'required',
      response: { status: 200, schema: callbackView, etag: true },
      example: { params: { callbackId: EXAMPLE_ID }, body: EXAMPLE_INPUT, response: EXAMPLE },
      async handle({ params: { callbackId }, body, ifMatch }) {
        checkTarget(body.url);
        const change = await callbacks.replace(callbackId, body, ifMatch);
        switch (change.type) {
          case 'replaced':
            return versioned(showCallback(change.callback, now()), change.version);
          case 'missing':
            throw noSuch('callback', callbackId);
          case 'name-taken':
            throw nameTaken(body.name);
          case 'changed':
            throw changed(callbackId, ifMatch);
        }
      },
    }),
    route({
      method: 'DELETE',
      path: '/v1/callbacks/{callbackId}',
      operationId: 'deleteCallback',
      tag: 'Callbacks',
      summary: 'Delete a callback. What is on its way to it is not sent any more.',
      scope: 'write',
      params,
      ifMatch: 'optional',
      response: { status: 204 },
      example: { params: { callbackId: EXAMPLE_ID } },
      async handle({ params: { callbackId }, ifMatch }) {
        expectRemoved('callback', callbackId, await callbacks.remove(callbackId, ifMatch), ifMatch);
      },
    }),
    route({
      method: 'POST',
      path: '/v1/callbacks/{callbackId}/secret',
      operationId: 'rotateCallbackSecret',
      tag: 'Callbacks',
      summary: 'Make a new secret, shown this once. The one before signs beside it for 24 hours.',
      scope: 'write',
      params,
      response: { status: 200, schema: secretView, etag: true },
      example: {
        params: { callbackId: EXAMPLE_ID },
        response: {
          callbackId: EXAMPLE_ID,
          secret: EXAMPLE_SECRET,
          previousSecretUntil: '2026-11-23T10:00:00.000Z',
        },
      },
      async handle({ params: { callbackId } }) {
        const change = await callbacks.rotate(callbackId);
        if (change.type === 'missing') throw noSuch('callback', callbackId);
        if (change.type === 'changed') throw changedMeanwhile(callbackId);
        const { previousSecretUntil } = showCallback(change.callback, now());
        return versioned({ callbackId, secret: change.callback.secret, previousSecretUntil }, change.version);
      },
    }),
  ];
};
