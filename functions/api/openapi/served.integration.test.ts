import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApi, type TestApi } from '../../../test/support/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const PATH = '/v1/openapi.json';

describe('The served description', () => {
  it('is for everybody, and may be kept for a while', async () => {
    const answer = await api.call('GET', PATH, { token: null });
    expect(answer).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/json', 'cache-control': 'public, max-age=300' },
      json: { openapi: '3.1.0', paths: { [PATH]: { get: { operationId: 'describeApi' } } } },
    });
  });

  it('is sent only to those who do not have it', async () => {
    const { etag } = (await api.call('GET', PATH)).headers;
    const again = await api.call('GET', PATH, { headers: { 'if-none-match': `"other", ${etag}` } });
    expect(again).toMatchObject({ status: 304, text: '' });
  });

  it('is zipped for those who take that', async () => {
    const plain = await api.call('GET', PATH);
    const zipped = await api.call('GET', PATH, { headers: { 'accept-encoding': 'br, gzip' } });
    expect(gunzipSync(Buffer.from(zipped.text, 'base64')).toString()).toBe(plain.text);
  });
});
