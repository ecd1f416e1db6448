import * as z from 'zod';
import { checkStorage } from '../../../shared/config/check-storage.ts';
import type { StorageChange, VersionedStorage } from '../../../shared/config/storages.ts';
import { conflict, preconditionFailed, unprocessable } from '../../../shared/problems/problems.ts';
import { type Bucket, storageInputSchema, storageViewSchema } from '../../../shared/schemas/storage.ts';
import { changed, expectFound, expectRemoved, noSuch } from '../expect.ts';
import { listOf, pageQuery, readPage } from '../lists.ts';
import { type Route, route, type Versioned, versioned } from '../route.ts';
import type { Services } from '../services.ts';
import { checkErrors } from '../storage-advice.ts';
import { idSchema } from './ids.ts';

const params = z.strictObject({ storageId: idSchema });
const nameTaken = (name: string) =>
  conflict('name-taken', 'The name is taken.', `There is a storage named ${name} already.`);
const answer = ({ storage, version }: VersionedStorage): Versioned => versioned(storage, version);

const exampleInput = {
  name: 'main',
  bucket: 'my-recordings',
  region: 'eu-central-1',
  credentials: { type: 'role', roleArn: 'arn:aws:iam::123456789012:role/streamkeep-recordings' },
};
const example = {
  ...exampleInput,
  storageId: 'sto_01KAN2T8C5D4E3F2G1H0J9K8M7',
  checkedAt: '2026-11-22T12:00:00.000Z',
  createdAt: '2026-11-22T12:00:00.000Z',
  default: true,
};
const exampleParams = { storageId: example.storageId };

const refusalOf = (
  storageId: string,
  name: string,
  ifMatch: string | undefined,
  change: Exclude<StorageChange, { type: 'replaced' }>,
) => {
  switch (change.type) {
    case 'missing':
      return noSuch('storage', storageId);
    case 'name-taken':
      return nameTaken(name);
    case 'changed':
      return changed(storageId, ifMatch);
    case 'in-use': {
      const users = change.usedBy.join(', ');
      const detail = `Bucket and region of ${storageId} cannot be changed while it is used by ${users}.`;
      return conflict('in-use', 'It is in use.', detail, { usedBy: change.usedBy });
    }
  }
};

export const storageRoutes = ({ storages, openStore }: Pick<Services, 'storages' | 'openStore'>): Route[] => {
  const expectUsable = async (bucket: Bucket): Promise<void> => {
    const failures = await checkStorage(openStore(bucket));
    if (failures.length === 0) return;
    const title = 'Recording to this storage would fail.';
    throw unprocessable('storage-check-failed', title, checkErrors(bucket, failures));
  };

  return [
    route({
      method: 'POST',
      path: '/v1/storages',
      operationId: 'createStorage',
      tag: 'Storages',
      summary: 'Add a storage, after having tried on it all that recording needs.',
      scope: 'write',
      body: storageInputSchema,
      response: { status: 201, schema: storageViewSchema, etag: true },
      problems: [422],
      example: { body: exampleInput, response: example },
      async handle({ body }) {
        await expectUsable(body);
        const creation = await storages.create(body);
        if (creation.type !== 'created') throw nameTaken(body.name);
        return answer(creation);
      },
    }),
    route({
      method: 'GET',
      path: '/v1/storages',
      operationId: 'listStorages',
      tag: 'Storages',
      summary: 'List the storages, by name.',
      scope: 'read',
      query: z.strictObject(pageQuery),
      response: { status: 200, schema: listOf(storageViewSchema) },
      example: { query: { limit: '50' }, response: { items: [example], cursor: null } },
      handle: ({ query }) => readPage(() => storages.list(query)),
    }),
    route({
      method: 'GET',
      path: '/v1/storages/{storageId}',
      operationId: 'getStorage',
      tag: 'Storages',
      summary: 'Get one storage.',
      scope: 'read',
      params,
      response: { status: 200, schema: storageViewSchema, etag: true },
      example: { params: exampleParams, response: example },
      async handle({ params: { storageId } }) {
        const found = expectFound('storage', storageId, await storages.getVersioned(storageId));
        return answer(found);
      },
    }),
    route({
      method: 'PUT',
      path: '/v1/storages/{storageId}',
      operationId: 'replaceStorage',
      tag: 'Storages',
      summary:
        'Replace a storage, after having tried the new one. Bucket and region stay while templates record to it.',
      scope: 'write',
      params,
      body: storageInputSchema,
      ifMatch: 'required',
      response: { status: 200, schema: storageViewSchema, etag: true },
      problems: [422],
      example: {
        params: exampleParams,
        body: { ...exampleInput, name: 'archive' },
        response: { ...example, name: 'archive' },
      },
      async handle({ params: { storageId }, body, ifMatch }) {
        const found = expectFound('storage', storageId, await storages.getVersioned(storageId));
        // Nobody waits for a check whose result would be thrown away.
        if (ifMatch !== '*' && ifMatch !== found.version) throw preconditionFailed();
        await expectUsable(body);
        const change = await storages.replace(storageId, body, ifMatch);
        if (change.type !== 'replaced') throw refusalOf(storageId, body.name, ifMatch, change);
        return answer(change);
      },
    }),
    route({
      method: 'POST',
      path: '/v1/storages/{storageId}/check',
      operationId: 'checkStorage',
      tag: 'Storages',
      summary: 'Try again on a storage all that recording needs.',
      scope: 'write',
      params,
      response: { status: 200, schema: storageViewSchema, etag: true },
      problems: [422],
      example: { params: exampleParams, response: { ...example, checkedAt: '2026-11-23T08:30:00.000Z' } },
      async handle({ params: { storageId } }) {
        const storage = expectFound('storage', storageId, await storages.get(storageId));
        await expectUsable(storage);
        const checked = expectFound('storage', storageId, await storages.checked(storageId));
        return answer(checked);
      },
    }),
    route({
      method: 'DELETE',
      path: '/v1/storages/{storageId}',
      operationId: 'deleteStorage',
      tag: 'Storages',
      summary: 'Forget a storage that no template records to. Its objects stay.',
      scope: 'write',
      params,
      ifMatch: 'optional',
      response: { status: 204 },
      example: { params: exampleParams },
      async handle({ params: { storageId }, ifMatch }) {
        expectRemoved('storage', storageId, await storages.remove(storageId, ifMatch), ifMatch);
      },
    }),
  ];
};
