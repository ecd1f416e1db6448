import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { domainKey } from '../../shared/config/keys.ts';
import { startApi, type TestApi } from '../../test/support/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const domain = {
  domain: 'push.example.com',
  adapter: 'nginx-rtmp',
  source: { url: 'rtmp://origin.example.com/{app}/{stream}' },
};

describe('Without a valid token', () => {
  it.each([
    ['GET', '/v1/domains'],
    ['PATCH', '/v1/domains'],
    ['GET', '/v1/nothing'],
    ['POST', '/v1/recordings/r/files/f/playlist.m3u8'],
  ])('%s %s gives the same answer as everything else', async (method, path) => {
    const answers = [
      await api.call(method, path, { token: null }),
      await api.call(method, path, { token: 'wrong' }),
      await api.call(method, path, { token: null, headers: { authorization: 'Basic YTpi' } }),
      await api.call(method, path, { token: '' }),
      await api.call(method, path, { token: null, raw: 'x'.repeat(300_000) }),
    ];
    for (const answer of answers) {
      expect(answer.status).toBe(401);
      expect(answer.headers).toMatchObject({
        'content-type': 'application/problem+json',
        'www-authenticate': 'Bearer',
      });
      expect(answer.json).toEqual({
        type: 'urn:streamkeep:problem:unauthenticated',
        title: 'A valid bearer token is needed.',
        status: 401,
      });
    }
  });

  it('is not let in by a hash of a token', async () => {
    const { createHash } = await import('node:crypto');
    const token = createHash('sha256').update(api.tokens.all).digest('hex');
    expect((await api.call('GET', '/v1/domains', { token })).status).toBe(401);
  });
});

describe('A token', () => {
  it('that only reads may not write, and the other way round', async () => {
    const { read, write, ingest } = api.tokens;
    expect((await api.call('GET', '/v1/domains', { token: read })).status).toBe(200);
    const refused = await api.call('POST', '/v1/domains', { token: read, body: domain });
    expect(refused).toMatchObject({
      status: 403,
      json: { type: 'urn:streamkeep:problem:missing-scope', detail: 'The token needs the scope write.' },
    });
    expect((await api.call('GET', '/v1/domains', { token: write })).status).toBe(403);
    expect((await api.call('GET', '/v1/domains', { token: ingest })).status).toBe(403);
    expect((await api.call('GET', '/v1/domains/push.example.com')).status).toBe(404);
  });

  it('may be announced in any case', async () => {
    const headers = { authorization: `bearer ${api.tokens.read}` };
    expect((await api.call('GET', '/v1/domains', { token: null, headers })).status).toBe(200);
  });
});

describe('A request', () => {
  it('to an unknown path is told so', async () => {
    for (const path of ['/v1/nothing', '/v1/domains/', '/v1/domains/a/b', '/v1/domains/%E0%A4%A', '/']) {
      expect(await api.call('GET', path)).toMatchObject({ status: 404, json: { status: 404 } });
    }
  });

  it('with a method that the path does not take is told which it takes', async () => {
    const answer = await api.call('PATCH', '/v1/domains');
    expect(answer).toMatchObject({ status: 405, headers: { allow: 'POST, GET' } });
  });

  it('with a body that is too large, of another type or no JSON is refused', async () => {
    const post = (raw: string, headers = {}) => api.call('POST', '/v1/domains', { raw, headers });
    expect(await post(JSON.stringify({ ...domain, secret: 'x'.repeat(262_144) }))).toMatchObject({
      status: 413,
      json: { detail: 'At most 262144 bytes are allowed.' },
    });
    expect((await post('直'.repeat(87_400))).status).toBe(413);
    expect(await post('a=b', { 'content-type': 'application/x-www-form-urlencoded' })).toMatchObject({
      status: 415,
      json: { detail: 'Send content-type: application/json.' },
    });
    const broken = await post('{"secret": "hunter2 hunter2');
    expect(broken).toMatchObject({ status: 400, json: { errors: [{ in: 'body', field: '' }] } });
    expect(broken.text).not.toContain('hunter2');
    expect((await post('')).status).toBe(400);
    expect((await post('{}', { 'content-type': 'Application/JSON; charset=utf-8' })).status).toBe(400);
  });

  it('with a body in base64 is read', async () => {
    const answer = await api.call('POST', '/v1/domains', {
      body: { ...domain, domain: 'base64.example.com' },
    });
    expect(answer.status).toBe(201);
  });

  it('is told everything that is wrong with it at once', async () => {
    const answer = await api.call('PUT', '/v1/domains/UPPER?x=1', { body: { adapter: 'x', colour: 'red' } });
    expect(answer.status).toBe(400);
    expect(answer.json.errors).toMatchObject([
      { in: 'path', field: 'domain', given: 'UPPER' },
      { in: 'query', field: 'x', given: '1' },
      { in: 'body', field: 'adapter', given: 'x', message: expect.stringContaining('node-media-server') },
      { in: 'body', field: 'source', message: expect.stringContaining('is required') },
      { in: 'body', field: 'colour', given: 'red' },
    ]);
  });

  it('that is full of faults is told of the first ones', async () => {
    const scopes = Array.from({ length: 40_000 }, () => 'x');
    const { status, json, text } = await api.call('POST', '/v1/tokens', { body: { name: 'a', scopes } });
    expect(status).toBe(400);
    expect(json.errors).toHaveLength(200);
    expect(json.detail).toBe('These are the first 200 of 40000 faults.');
    expect(text.length).toBeLessThan(100_000);
  });

  it('with a repeated query parameter is refused', async () => {
    const answer = await api.call('GET', '/v1/domains?limit=1&limit=2');
    expect(answer).toMatchObject({ status: 400, json: { errors: [{ field: 'limit', in: 'query' }] } });
  });

  it.each(['0', '101', '-1', '1.5', 'many', ''])('for %j items is refused', async (limit) => {
    const answer = await api.call('GET', `/v1/domains?limit=${limit}`);
    expect(answer).toMatchObject({ status: 400, json: { errors: [{ field: 'limit', given: limit }] } });
  });

  it('that fails by our fault learns nothing of it, and the log does', async () => {
    const { client, tableName } = api.table;
    const Item = { ...domainKey('broken.example.com'), domain: 'broken.example.com', adapter: 'gopher' };
    await client.send(new PutCommand({ TableName: tableName, Item }));
    const answer = await api.call('GET', '/v1/domains/broken.example.com');
    expect(answer.json).toEqual({
      type: 'urn:streamkeep:problem:internal',
      title: 'Something went wrong on our side.',
      status: 500,
      requestId: 'request-1',
    });
    expect(api.logged.join()).toContain('adapter');
    expect(api.logged.join()).not.toContain(api.tokens.all);
  });
});

describe('If-Match', () => {
  const path = '/v1/domains/versions.example.com';
  const { domain: _, ...body } = domain;
  const put = (version: string) => api.call('PUT', path, { body, headers: { 'if-match': version } });
  beforeAll(async () => {
    await api.call('POST', '/v1/domains', { body: { ...domain, domain: 'versions.example.com' } });
  });

  it.each(['E', 'W/E', '"x", E', 'E,"x","y"', ' "x" ,W/E ', '*'])('%s names the version', async (given) => {
    const etag = String((await api.call('GET', path)).headers.etag);
    const { status, headers } = await put(given.replace('E', etag));
    expect(status).toBe(200);
    expect(headers.etag).not.toBe(etag);
  });

  it.each(['"x"', '"x", "y"', 'x', '', '"', '*, *', '"x", *', 'E "x"', '"a","b","c","d","e",E'])(
    '%s does not',
    async (given) => {
      const etag = String((await api.call('GET', path)).headers.etag);
      expect((await put(given.replace('E', etag))).status).toBe(412);
      expect((await api.call('GET', path)).headers.etag).toBe(etag);
    },
  );

  it('names no version of what is not there', async () => {
    for (const version of ['*', '"x"', '"x", "y"']) {
      const headers = { 'if-match': version };
      const nowhere = '/v1/domains/nowhere.example.com';
      expect((await api.call('PUT', nowhere, { body, headers })).status).toBe(404);
      expect((await api.call('DELETE', nowhere, { headers })).status).toBe(404);
    }
  });
});

describe('A forged cursor', () => {
  const forged = (key: unknown) => Buffer.from(JSON.stringify(key)).toString('base64url');

  it.each([
    'nonsense',
    forged({}),
    forged(['DOMAINS']),
    forged({ pk: 'x', sk: 'y', listPk: 'TEMPLATES', listSk: 'z' }),
    forged({ pk: 'DOMAINS', sk: 'y' }),
    forged({ pk: 'DOMAINS', sk: 'y', colour: 'red', listPk: 'DOMAINS' }),
    forged({ pk: 'x', sk: { S: 'y' }, listPk: 'DOMAINS', listSk: 'z' }),
    'x'.repeat(5000),
  ])('is refused: %.60s', async (cursor) => {
    const answer = await api.call('GET', `/v1/domains?cursor=${cursor}`);
    expect(answer).toMatchObject({ status: 400, json: { errors: [{ in: 'query', field: 'cursor' }] } });
  });
});
