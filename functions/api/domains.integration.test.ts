import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../test/support/api.ts';
import {
  ANY_VERSION,
  badField,
  createApiConfig,
  made,
  matching,
  SOURCE,
} from '../../test/support/api-config.ts';

let api: TestApi;
const { domainBody, aDomain } = createApiConfig(() => api);
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const source = SOURCE;

describe('Domains', () => {
  it('can be made, read, listed, replaced and deleted', async () => {
    const domain = await aDomain();
    expect(domain).toEqual({
      domain: domain.domain,
      adapter: 'nginx-rtmp',
      source,
      enabled: true,
      losslessStart: false,
      createdAt: '2026-11-22T12:00:00.000Z',
      secret: expect.stringMatching(/^[\w-]{43}$/),
    });
    const { secret: _, ...shown } = domain;
    const path = `/v1/domains/${domain.domain}`;
    const read = await api.call('GET', path);
    expect(read.json).toEqual(shown);
    const list = await api.call('GET', '/v1/domains?limit=100');
    expect(list.json).toMatchObject({ items: expect.arrayContaining([shown]), cursor: null });
    expect(list.text).not.toMatch(/secret/i);

    const body = {
      adapter: 'srs',
      source,
      enabled: false,
      losslessStart: true,
      api: { url: 'http://srs:1985' },
    };
    const replaced = await api.call('PUT', path, { body, ...matching(read) });
    expect(replaced.json).toEqual({ ...shown, ...body });
    const again = { body: { ...body, domain: domain.domain }, ...matching(replaced) };
    expect((await api.call('PUT', path, again)).status).toBe(200);
    expect(await api.call('DELETE', path)).toMatchObject({ status: 204, text: '' });
    for (const method of ['GET', 'DELETE']) expect((await api.call(method, path)).status).toBe(404);
    expect((await api.call('PUT', path, { body, ...ANY_VERSION })).status).toBe(404);
  });

  it('take a secret of your own, and never show it again', async () => {
    const secret = 'my-own-secret-0123';
    const domain = made(await api.call('POST', '/v1/domains', { body: { ...domainBody(), secret } }));
    expect(domain.secret).toBe(secret);
    const path = `/v1/domains/${domain.domain}`;
    const body = { adapter: 'nginx-rtmp', source, secret };
    const replaced = await api.call('PUT', path, { body, ...ANY_VERSION });
    expect(replaced.status).toBe(200);
    expect(replaced.text + (await api.call('GET', path)).text).not.toContain(secret);
  });

  it('get another secret, made for them or of your own, which is shown once', async () => {
    const { secret, ...domain } = await aDomain();
    const path = `/v1/domains/${domain.domain}`;
    const rotated = await api.call('POST', `${path}/secret`);
    expect(rotated).toMatchObject({
      status: 200,
      json: { ...domain, secret: expect.stringMatching(/^[\w-]{43}$/) },
    });
    expect(rotated.json.secret).not.toBe(secret);
    const own = 'my-own-secret-0123';
    const body = { secret: own };
    expect((await api.call('POST', `${path}/secret`, { body })).json).toEqual({ ...domain, secret: own });
    expect((await api.call('GET', path)).text).not.toContain(own);
    expect(badField(await api.call('POST', `${path}/secret`, { body: { secret: 'short' } }))).toEqual({
      status: 400,
      count: 1,
      in: 'body',
      field: 'secret',
      message: expect.stringContaining('16–128'),
    });
    expect((await api.call('POST', '/v1/domains/none.example.com/secret')).status).toBe(404);
    expect((await api.call('POST', `${path}/secret`, { token: api.tokens.read })).status).toBe(403);
  });

  it('are not overwritten unseen', async () => {
    const { domain } = await aDomain();
    const path = `/v1/domains/${domain}`;
    const body = { adapter: 'nginx-rtmp', source };
    expect((await api.call('PUT', path, { body })).status).toBe(428);
    const read = await api.call('GET', path);
    const puts = await Promise.all([1, 2].map(() => api.call('PUT', path, { body, ...matching(read) })));
    expect(puts.map(({ status }) => status).sort()).toEqual([200, 412]);
    expect((await api.call('DELETE', path, matching(read))).status).toBe(412);
    await api.call('POST', `${path}/secret`);
    const winner = puts.find(({ status }) => status === 200) ?? read;
    expect((await api.call('PUT', path, { body, ...matching(winner) })).status).toBe(412);
    expect((await api.call('DELETE', path, matching(await api.call('GET', path)))).status).toBe(204);
  });

  it('exist once', async () => {
    const body = domainBody();
    await api.call('POST', '/v1/domains', { body });
    expect(await api.call('POST', '/v1/domains', { body })).toMatchObject({
      status: 409,
      json: { type: 'urn:streamkeep:problem:exists' },
    });
  });

  it.each([
    [{ domain: 'UPPER.example.com' }, 'domain'],
    [{ domain: 'a/b' }, 'domain'],
    [{ adapter: 'wowza' }, 'adapter'],
    [{ adapter: 'mediamtx', losslessStart: true }, 'losslessStart'],
    [{ adapter: 'webhook', api: { url: 'http://10.0.0.1:1985' } }, 'api'],
    [{ api: { url: 'file:///etc/passwd' } }, 'api.url'],
    [{ source: { url: 'file:///etc/passwd?{stream}' } }, 'source.url'],
    [{ source: { url: 'rtmp://{app}/{stream}' } }, 'source.url'],
    [{ source: { ...source, user: 'me' } }, 'source.user'],
    [{ secret: 'short' }, 'secret'],
    [{ enabled: 'yes' }, 'enabled'],
    [{ colour: 'red' }, 'colour'],
  ])('with %j are refused', async (change, field) => {
    const answer = await api.call('POST', '/v1/domains', { body: { ...domainBody(), ...change } });
    expect(badField(answer)).toMatchObject({ status: 400, in: 'body', field, count: 1 });
  });

  it('cannot be renamed', async () => {
    const { domain } = await aDomain();
    const body = { adapter: 'nginx-rtmp', source, domain: 'other.example.com' };
    const answer = await api.call('PUT', `/v1/domains/${domain}`, { body, ...ANY_VERSION });
    expect(badField(answer)).toMatchObject({ status: 400, field: 'domain', given: 'other.example.com' });
  });
});
