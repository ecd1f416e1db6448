import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { deleteImage } from '../../shared/deletion/delete-image.ts';
import { pngOf } from '../../shared/images/image.fixture.ts';
import { createMemoryObjectStore } from '../../shared/storage/memory-object-store.ts';
import type { ObjectStore } from '../../shared/storage/object-store.ts';
import { createLooseImages } from '../../shared/table/loose-images.ts';
import { startApi, type TestApi } from '../../test/support/api.ts';
import { ANY_VERSION, badField, createApiConfig, made } from '../../test/support/api-config.ts';

let api: TestApi;
let spool: ObjectStore;
const { domainBody, unique } = createApiConfig(() => api);
beforeAll(async () => {
  const store = new Proxy({} as ObjectStore, { get: (_, name) => Reflect.get(spool, name) });
  api = await startApi({ of: () => store, open: () => store });
});
beforeEach(() => {
  spool = createMemoryObjectStore();
  api.clock = new Date('2026-11-22T12:00:00.000Z');
});
afterAll(() => api.close());

const DAY_MS = 24 * 3_600_000;
const [RED, BLUE] = [pngOf(), pngOf({ color: [0, 0, 255, 255] })];
const sha256Of = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const aStandby = async (bytes: Buffer) =>
  made(
    await api.call('POST', '/v1/standbys', {
      body: { name: unique('slate'), data: bytes.toString('base64') },
    }),
  );
const replace = (standbyId: string, body: object) =>
  api.call('PUT', `/v1/standbys/${standbyId}`, { body, ...ANY_VERSION });
const stored = async () => (await spool.list('standbys/')).length;
const sweepAfter = async (milliseconds: number): Promise<void> => {
  const { table } = api;
  api.clock = new Date(api.clock.getTime() + milliseconds);
  for (const image of await createLooseImages(table).due(api.clock, 100))
    await deleteImage({ table, store: spool, now: () => api.clock }, image);
};

describe('Standby content', () => {
  it('can be made, read, listed, replaced and deleted', async () => {
    const standby = await aStandby(RED);
    const { standbyId, name } = standby;
    expect(standby).toMatchObject({ contentType: 'image/png', sha256: sha256Of(RED) });
    expect(standby).not.toHaveProperty('key');
    const { json } = await api.call('GET', `/v1/standbys/${standbyId}`);
    expect(json).toMatchObject({ standbyId, name, usedBy: [] });
    const kept = await replace(standbyId, { name: `${name}-2`, sha256: standby.sha256 });
    expect(kept.json).toMatchObject({ name: `${name}-2`, sha256: standby.sha256 });
    expect((await replace(standbyId, { name, data: BLUE.toString('base64') })).json.sha256).toBe(
      sha256Of(BLUE),
    );
    const { json: page } = await api.call('GET', '/v1/standbys');
    expect(page.items.map((item: { standbyId: string }) => item.standbyId)).toContain(standbyId);
    expect((await api.call('DELETE', `/v1/standbys/${standbyId}`)).status).toBe(204);
    expect((await api.call('GET', `/v1/standbys/${standbyId}`)).status).toBe(404);
  });

  it('must be a picture or a short video, and be sent unless it is there', async () => {
    const post = (body: object) => api.call('POST', '/v1/standbys', { body: { name: unique('x'), ...body } });
    const gif = await post({ data: Buffer.from('GIF89a').toString('base64') });
    expect(badField(gif)).toMatchObject({ status: 400, field: 'data', message: 'must be a PNG or a JPEG' });
    expect(badField(await post({ sha256: sha256Of(RED) }))).toMatchObject({ status: 400, field: 'sha256' });
    const mp4 = Buffer.concat([Buffer.from([0, 0, 0, 8]), Buffer.from('ftyp')]);
    expect(badField(await post({ data: mp4.toString('base64') }))).toMatchObject({
      field: 'data',
      message: 'is an MP4 that is damaged',
    });
  });

  it('stays while a domain names it, as a whole or for one stream', async () => {
    const { standbyId } = await aStandby(RED);
    const body = domainBody();
    const path = `/v1/domains/${body.domain}`;
    made(await api.call('POST', '/v1/domains', { body: { ...body, standbys: [{ standbyId }] } }));
    const inUse = await api.call('DELETE', `/v1/standbys/${standbyId}`);
    expect(inUse.status).toBe(409);
    expect(inUse.text).toContain(body.domain);
    expect((await api.call('GET', `/v1/standbys/${standbyId}`)).json.usedBy).toEqual([body.domain]);
    // A new secret changes nothing of that, and another change may keep it.
    await api.call('POST', `${path}/secret`, { body: {} });
    const one = [{ app: 'live', stream: 'show', standbyId }];
    expect((await api.call('PUT', path, { body: { ...body, standbys: one }, ...ANY_VERSION })).status).toBe(
      200,
    );
    expect((await api.call('DELETE', `/v1/standbys/${standbyId}`)).status).toBe(409);
    expect((await api.call('PUT', path, { body, ...ANY_VERSION })).status).toBe(200);
    expect((await api.call('DELETE', `/v1/standbys/${standbyId}`)).status).toBe(204);
  });

  it('goes with its domain out of use', async () => {
    const { standbyId } = await aStandby(RED);
    const body = { ...domainBody(), standbys: [{ standbyId }] };
    made(await api.call('POST', '/v1/domains', { body }));
    expect((await api.call('DELETE', `/v1/domains/${body.domain}`)).status).toBe(204);
    expect((await api.call('DELETE', `/v1/standbys/${standbyId}`)).status).toBe(204);
  });

  it('must be there when a domain names it, once for each stream, and with an app for each stream', async () => {
    const { standbyId } = await aStandby(RED);
    const post = async (standbys: object[]) =>
      badField(await api.call('POST', '/v1/domains', { body: { ...domainBody(), standbys } }));
    expect(await post([{ standbyId }, { app: 'a', standbyId: 'stb_none' }])).toMatchObject({
      field: 'standbys.1.standbyId',
      given: 'stb_none',
    });
    expect(await post([{ stream: 'a', standbyId }])).toMatchObject({ field: 'standbys.0.app' });
    expect(await post([{ standbyId }, { standbyId }])).toMatchObject({ field: 'standbys.1.standbyId' });
  });

  it('is kept for as long as a recording can need it, and then deleted', async () => {
    const { standbyId, name } = await aStandby(RED);
    await sweepAfter(DAY_MS);
    expect(await stored()).toBe(1);
    await replace(standbyId, { name, data: BLUE.toString('base64') });
    await sweepAfter(365 * DAY_MS);
    expect(await stored()).toBe(2);
    await sweepAfter(2 * DAY_MS);
    expect(await stored()).toBe(1);
    await api.call('DELETE', `/v1/standbys/${standbyId}`);
    await sweepAfter(367 * DAY_MS);
    expect(await stored()).toBe(0);
  });
});
