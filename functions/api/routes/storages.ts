import { z } from 'zod';
import { type CheckFailure, checkStorage } from '../../../shared/config/check-storage.ts';
import type { FieldError } from '../../../shared/problems/problem.ts';
import { conflict, notFound, unprocessable } from '../../../shared/problems/problems.ts';
import { type Bucket, storageInputSchema, storageSchema } from '../../../shared/schemas/storage.ts';
import { listOf, pageQuery, readPage } from '../lists.ts';
import { expectRemoved } from '../removal.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import { idSchema } from './ids.ts';

const storageView = z.object(storageSchema.shape);
const params = z.strictObject({ storageId: idSchema });
const missing = (storageId: string) => notFound(`There is no storage ${storageId}.`);

const errorOf =
  ({ bucket, endpoint }: Bucket) =>
  ({ kind, permission, message }: CheckFailure): FieldError => {
    switch (kind) {
      case 'denied':
        return {
          in: 'body',
          field: 'bucket',
          given: bucket,
          message: `must allow ${permission}: ${message}`,
        };
      case 'missing':
        return { in: 'body', field: 'bucket', given: bucket, message: `must exist: ${message}` };
      default:
        return endpoint === undefined
          ? { in: 'body', field: 'bucket', given: bucket, message: `must be usable: ${message}` }
          : { in: 'body', field: 'endpoint', given: endpoint, message: `must be usable: ${message}` };
    }
  };

export const storageRoutes = ({ storages, openStore }: Pick<Services, 'storages' | 'openStore'>): Route[] => {
  const expectUsable = async (bucket: Bucket): Promise<void> => {
    const failures = await checkStorage(openStore(bucket));
    if (failures.length === 0) return;
    throw unprocessable(
      'storage-check-failed',
      'Recording to this storage would fail.',
      failures.map(errorOf(bucket)),
    );
  };

  return [
    route({
      method: 'POST',
      path: '/v1/storages',
      summary: 'Add a storage, after having tried on it all that recording needs.',
      scope: 'write',
      body: storageInputSchema,
      response: { status: 201, schema: storageView },
      async handle({ body: { name, ...bucket } }) {
        await expectUsable(bucket);
        const storage = await storages.create({ name, ...bucket });
        if (storage === undefined) {
          throw conflict('name-taken', 'The name is taken.', `There is a storage named ${name} already.`);
        }
        return storage;
      },
    }),
    route({
      method: 'GET',
      path: '/v1/storages',
      summary: 'List the storages, by name.',
      scope: 'read',
      query: z.strictObject(pageQuery),
      response: { status: 200, schema: listOf(storageView) },
      handle: ({ query }) => readPage(() => storages.list(query)),
    }),
    route({
      method: 'GET',
      path: '/v1/storages/{storageId}',
      summary: 'Get one storage.',
      scope: 'read',
      params,
      response: { status: 200, schema: storageView },
      async handle({ params: { storageId } }) {
        const storage = await storages.get(storageId);
        if (storage === undefined) throw missing(storageId);
        return storage;
      },
    }),
    route({
      method: 'POST',
      path: '/v1/storages/{storageId}/check',
      summary: 'Try again on a storage all that recording needs.',
      scope: 'write',
      params,
      response: { status: 200, schema: storageView },
      async handle({ params: { storageId } }) {
        const storage = await storages.get(storageId);
        if (storage === undefined) throw missing(storageId);
        await expectUsable(storage);
        const checked = await storages.checked(storageId);
        if (checked === undefined) throw missing(storageId);
        return checked;
      },
    }),
    route({
      method: 'DELETE',
      path: '/v1/storages/{storageId}',
      summary: 'Forget a storage that no template records to. Its objects stay.',
      scope: 'write',
      params,
      response: { status: 204 },
      async handle({ params: { storageId } }) {
        expectRemoved('storage', storageId, await storages.remove(storageId));
      },
    }),
  ];
};
