import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../test/support/api.ts';
import { badField, createApiConfig, made } from '../../test/support/api-config.ts';

let api: TestApi;
const { storageBody, aTemplate } = createApiConfig(() => api);
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

describe('Storages', () => {
  it('can be made, read, listed, checked and deleted', async () => {
    const body = { ...storageBody(), endpoint: 'https://s3.example.com', forcePathStyle: true };
    const storage = made(await api.call('POST', '/v1/storages', { body }));
    const at = '2026-11-22T12:00:00.000Z';
    expect(storage).toEqual({
      ...body,
      default: true,
      storageId: storage.storageId,
      checkedAt: at,
      createdAt: at,
    });
    const path = `/v1/storages/${storage.storageId}`;
    expect((await api.call('GET', path)).json).toEqual(storage);
    expect((await api.call('GET', '/v1/storages?limit=100')).json.items).toContainEqual(storage);
    expect((await api.call('POST', `${path}/check`)).json).toEqual(storage);
    expect((await api.call('DELETE', path)).status).toBe(204);
    for (const method of ['GET', 'DELETE']) expect((await api.call(method, path)).status).toBe(404);
    expect((await api.call('POST', `${path}/check`)).status).toBe(404);
  });

  it('have names of their own', async () => {
    const body = storageBody();
    made(await api.call('POST', '/v1/storages', { body }));
    expect(await api.call('POST', '/v1/storages', { body })).toMatchObject({
      status: 409,
      json: { type: 'urn:streamkeep:problem:name-taken' },
    });
  });

  it.each([
    [{ name: 'a b' }, 'name'],
    [{ bucket: 'UPPER' }, 'bucket'],
    [{ region: 'eu central' }, 'region'],
    [{ endpoint: 'ftp://s3.example.com' }, 'endpoint'],
    [{ secretAccessKey: 'hunter2' }, 'secretAccessKey'],
  ])('with %j are refused', async (change, field) => {
    const answer = await api.call('POST', '/v1/storages', { body: { ...storageBody(), ...change } });
    expect(badField(answer)).toMatchObject({ status: 400, in: 'body', field, count: 1 });
    expect(answer.text).not.toContain('hunter2');
  });

  it('cannot be deleted while a template records to them', async () => {
    const { templateId, storage } = await aTemplate();
    expect(await api.call('DELETE', `/v1/storages/${storage.primary}`)).toMatchObject({
      status: 409,
      json: { type: 'urn:streamkeep:problem:in-use', usedBy: [templateId] },
    });
  });
});
