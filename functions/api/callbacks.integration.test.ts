import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemSources } from '../../shared/config/items.ts';
import { createDeliveries } from '../../shared/table/deliveries.ts';
import { type Answer, startApi, type TestApi } from '../../test/support/api.ts';

let api: TestApi;
const BODY = { name: 'library', url: 'https://hooks.example.com/streamkeep' };
const NOW = '2026-11-22T12:00:00.000Z';
const made = ({ status, json, text }: Answer) => {
  if (status !== 201) throw new Error(`Answered ${status}: ${text}`);
  return json;
};
const aCallback = async (body: object = BODY) => made(await api.call('POST', '/v1/callbacks', { body }));
const ifMatch = (etag: unknown) => ({ headers: { 'if-match': String(etag) } });
const problem = (code: string) => expect.stringMatching(new RegExp(`:${code}$`));

describe('Callbacks', () => {
  beforeEach(async () => {
    api = await startApi();
  });
  afterEach(() => api.close());

  it('can be made, read, listed, replaced and deleted, and show their secret once', async () => {
    const answer = await api.call('POST', '/v1/callbacks', { body: BODY });
    const { secret, ...callback } = made(answer);
    expect(callback).toEqual({
      ...BODY,
      callbackId: expect.stringMatching(/^cbk_/),
      enabled: true,
      previousSecretUntil: null,
      createdAt: NOW,
      updatedAt: NOW,
    });
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const path = `/v1/callbacks/${callback.callbackId}`;
    const read = await api.call('GET', path);
    expect(read.json).toEqual(callback);
    expect(read.headers.etag).toBe(answer.headers.etag);
    const list = await api.call('GET', '/v1/callbacks');
    expect(list.json).toEqual({ items: [callback], cursor: null });
    const body = {
      ...BODY,
      name: 'archive',
      events: ['file.ready'],
      domains: ['push.example.com'],
      enabled: false,
    };
    const put = await api.call('PUT', path, { body, ...ifMatch(read.headers.etag) });
    expect(put.json).toEqual({ ...callback, ...body });
    expect((await api.call('GET', path)).json).toEqual(put.json);
    for (const { text } of [read, list, put]) expect(text).not.toContain('whsec_');
    expect((await api.call('DELETE', path, ifMatch(put.headers.etag))).status).toBe(204);
    for (const method of ['GET', 'DELETE']) expect((await api.call(method, path)).status).toBe(404);
    expect((await api.call('PUT', path, { body, ...ifMatch('*') })).status).toBe(404);
    await aCallback({ ...BODY, name: 'archive' });
  });

  it('are not overwritten unseen', async () => {
    const { callbackId } = await aCallback();
    const path = `/v1/callbacks/${callbackId}`;
    const { etag } = (await api.call('GET', path)).headers;
    expect((await api.call('PUT', path, { body: BODY })).status).toBe(428);
    expect((await api.call('PUT', path, { body: BODY, ...ifMatch(etag) })).status).toBe(200);
    for (const method of ['PUT', 'DELETE']) {
      const late = await api.call(method, path, { body: BODY, ...ifMatch(etag) });
      expect(late.status).toBe(412);
    }
    expect((await api.call('PUT', path, { body: BODY, ...ifMatch('*') })).status).toBe(200);
  });

  it('have a name of their own each', async () => {
    await aCallback();
    const again = await api.call('POST', '/v1/callbacks', { body: BODY });
    expect(again).toMatchObject({ status: 409, json: { type: problem('name-taken') } });
    const { callbackId } = await aCallback({ ...BODY, name: 'other' });
    const renamed = await api.call('PUT', `/v1/callbacks/${callbackId}`, { body: BODY, ...ifMatch('*') });
    expect(renamed).toMatchObject({ status: 409, json: { type: problem('name-taken') } });
  });

  it('are 50 at most', async () => {
    for (let count = 0; count < 50; count += 1) await aCallback({ ...BODY, name: `n${count}` });
    expect(await api.call('POST', '/v1/callbacks', { body: BODY })).toMatchObject({
      status: 409,
      json: { type: problem('too-many') },
    });
    const first = await api.call('GET', '/v1/callbacks?limit=30');
    const rest = await api.call('GET', `/v1/callbacks?limit=30&cursor=${first.json.cursor}`);
    expect([first.json.items.length, rest.json.items.length, rest.json.cursor]).toEqual([30, 20, null]);
  });

  it('take a secret of your own, and keep it when they are replaced without one', async () => {
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    const callback = await aCallback({ ...BODY, secret });
    expect(callback.secret).toBe(secret);
    const path = `/v1/callbacks/${callback.callbackId}`;
    const kept = await api.call('PUT', path, { body: BODY, ...ifMatch('*') });
    expect(kept.json.previousSecretUntil).toBeNull();
    const other = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
    const changed = await api.call('PUT', path, { body: { ...BODY, secret: other }, ...ifMatch('*') });
    expect(changed.json.previousSecretUntil).toBe('2026-11-23T12:00:00.000Z');
    expect(changed.text).not.toContain('whsec_');
  });

  it('get a new secret on demand', async () => {
    const { callbackId, secret } = await aCallback();
    const path = `/v1/callbacks/${callbackId}`;
    const before = await api.call('GET', path);
    const rotated = await api.call('POST', `${path}/secret`);
    expect(rotated).toMatchObject({
      status: 200,
      json: {
        callbackId,
        secret: expect.stringMatching(/^whsec_/),
        previousSecretUntil: '2026-11-23T12:00:00.000Z',
      },
    });
    expect(rotated.json.secret).not.toBe(secret);
    expect(rotated.headers.etag).not.toBe(before.headers.etag);
    expect((await api.call('POST', '/v1/callbacks/cbk_none/secret')).status).toBe(404);
  });
});

describe('Callbacks with bad input', () => {
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.close());

  it.each([
    [{ name: 'with space' }, 'name'],
    [{ url: 'ftp://hooks.example.com/' }, 'url'],
    [{ url: 'hooks.example.com' }, 'url'],
    [{ url: 'https://me:secret@hooks.example.com/' }, 'url'],
    [{ url: 'https://hooks.example.com/#a' }, 'url'],
    [{ url: 'https://hooks.example.com/\n' }, 'url'],
    [{ url: 'http://hooks.example.com/' }, 'url'],
    [{ url: 'https://127.0.0.1/' }, 'url'],
    [{ url: 'https://[::ffff:169.254.169.254]/' }, 'url'],
    [{ url: 'https://0x7f.1/' }, 'url'],
    [{ events: [] }, 'events'],
    [{ events: ['file.opened'] }, 'events.0'],
    [{ events: ['file.ready', 'file.ready'] }, 'events'],
    [{ domains: ['UPPER.example.com'] }, 'domains.0'],
    [{ secret: 'short' }, 'secret'],
    [{ colour: 'red' }, 'colour'],
  ])('such as %j are refused', async (change, field) => {
    const answer = await api.call('POST', '/v1/callbacks', { body: { ...BODY, ...change } });
    expect(answer.status).toBe(400);
    expect(answer.json.errors).toHaveLength(1);
    expect(answer.json.errors[0]).toMatchObject({ in: 'body', field });
  });
});

describe('Deliveries', () => {
  beforeEach(async () => {
    api = await startApi();
  });
  afterEach(() => api.close());

  const aTest = async () => {
    const { callbackId } = await aCallback();
    const { status, json } = await api.call('POST', `/v1/callbacks/${callbackId}/test`);
    expect(status).toBe(202);
    return { callbackId, delivery: json, path: `/v1/callbacks/${callbackId}/deliveries` };
  };
  const store = () => createDeliveries(api.table, { ...systemSources, now: () => api.clock });

  it('of a test are queued at once, listed, and shown with all that is sent', async () => {
    const { callbackId, delivery, path } = await aTest();
    expect(delivery).toEqual({
      deliveryId: expect.stringMatching(/^dlv_/),
      callbackId,
      eventId: expect.stringMatching(/^evt_/),
      type: 'test',
      recordId: null,
      state: 'pending',
      failure: null,
      createdAt: NOW,
      tries: 0,
      nextTryAt: NOW,
      lastAttempt: null,
    });
    expect(api.deliveryJobs).toEqual([{ deliveryId: delivery.deliveryId, tries: 0 }]);
    expect((await api.call('GET', path)).json).toEqual({ items: [delivery], cursor: null });
    expect((await api.call('GET', `${path}?state=failed`)).json.items).toEqual([]);
    const whole = (await api.call('GET', `${path}/${delivery.deliveryId}`)).json;
    expect(whole).toEqual({ ...delivery, body: expect.any(String), attempts: [] });
    expect(JSON.parse(whole.body)).toEqual({
      id: delivery.eventId,
      type: 'test',
      at: NOW,
      data: { callback: { callbackId, name: 'library' } },
    });
  });

  it('show each attempt with its request, signature included, and its answer', async () => {
    const { delivery, path } = await aTest();
    const claimed = await store().claim({ deliveryId: delivery.deliveryId, tries: 0 });
    if (claimed === undefined) throw new Error('It could not be claimed');
    const { dueAt: _, ...rest } = claimed;
    const attempt = {
      at: NOW,
      durationMs: 12,
      url: BODY.url,
      signature: 'v1,abc',
      status: 410,
      answer: 'gone',
    };
    await store().settle({ ...rest, state: 'failed', failure: 'Gone.', attempts: [attempt] });
    const shown = { at: NOW, durationMs: 12, status: 410, error: null };
    const whole = (await api.call('GET', `${path}/${delivery.deliveryId}`)).json;
    expect(whole).toMatchObject({
      state: 'failed',
      failure: 'Gone.',
      tries: 1,
      nextTryAt: null,
      lastAttempt: shown,
    });
    expect(whole.attempts).toEqual([
      {
        ...shown,
        request: {
          url: BODY.url,
          headers: {
            'content-type': 'application/json',
            'user-agent': 'Streamkeep',
            'webhook-id': delivery.eventId,
            'webhook-timestamp': String(Date.parse(NOW) / 1000),
            'webhook-signature': 'v1,abc',
          },
        },
        contentType: null,
        answer: 'gone',
      },
    ]);
    expect((await api.call('GET', `${path}?state=failed`)).json.items).toHaveLength(1);
  });

  it('are sent again on demand, but not while they are being sent', async () => {
    const { delivery, path } = await aTest();
    const resend = () => api.call('POST', `${path}/${delivery.deliveryId}/resend`);
    const claimed = await store().claim({ deliveryId: delivery.deliveryId, tries: 0 });
    if (claimed === undefined) throw new Error('It could not be claimed');
    expect(await resend()).toMatchObject({ status: 409, json: { type: problem('being-sent') } });
    const { dueAt: _, ...rest } = claimed;
    await store().settle({ ...rest, state: 'delivered' });
    api.clock = new Date('2026-11-25T12:00:00.000Z');
    const again = await resend();
    expect(again).toMatchObject({
      status: 202,
      json: { eventId: delivery.eventId, state: 'pending', tries: 1, nextTryAt: '2026-11-25T12:00:00.000Z' },
    });
    expect(api.deliveryJobs.at(-1)).toEqual({ deliveryId: delivery.deliveryId, tries: 1 });
    expect((await api.call('GET', `${path}?state=pending`)).json.items).toEqual([again.json]);
    expect((await api.call('GET', `${path}?state=delivered`)).json.items).toEqual([]);
  });

  it('belong to their callback alone', async () => {
    const { delivery, path } = await aTest();
    const { callbackId } = await aCallback({ ...BODY, name: 'other' });
    const elsewhere = `/v1/callbacks/${callbackId}/deliveries`;
    expect((await api.call('GET', elsewhere)).json.items).toEqual([]);
    expect((await api.call('GET', `${elsewhere}/${delivery.deliveryId}`)).status).toBe(404);
    expect((await api.call('POST', `${elsewhere}/${delivery.deliveryId}/resend`)).status).toBe(404);
    for (const none of ['/v1/callbacks/cbk_none/deliveries', `${path}/dlv_none`]) {
      expect((await api.call('GET', none)).status).toBe(404);
    }
    expect((await api.call('POST', '/v1/callbacks/cbk_none/test')).status).toBe(404);
    expect((await api.call('GET', `${path}?state=lost`)).status).toBe(400);
    expect((await api.call('GET', `${path}?cursor=bm9uc2Vuc2U`)).status).toBe(400);
  });
});
