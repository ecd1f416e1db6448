import { request } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startHttpApi } from './http-api.ts';
import type { InvocationResult } from './protocol.ts';

const startWith = async (respond: (event: Record<string, unknown>) => InvocationResult) => {
  const events: Record<string, unknown>[] = [];
  const target = {
    name: 'api',
    invoke: async (event: unknown) => {
      events.push(event as Record<string, unknown>);
      return respond(event as Record<string, unknown>);
    },
    warm: async () => {},
    crash: () => 0,
    close: async () => {},
  };
  const api = await startHttpApi({
    host: '127.0.0.1',
    port: 0,
    routes: [{ routeKey: 'ANY /v1/{proxy+}', target }],
    onFault: (error) => expect.unreachable(String(error)),
  });
  onTestFinished(() => api.close());
  return { url: api.url, events };
};

const ok = (value: unknown): InvocationResult => ({ type: 'ok', value });

describe('The local HTTP API', () => {
  it('makes a version 2.0 event of a request', async () => {
    const { url, events } = await startWith(() => ok({ statusCode: 204 }));
    await fetch(`${url}/v1/a/b?x=1&x=2&y=%20`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Custom': 'Yes', Cookie: 'a=1; b=2' },
      body: '{"ok":true}',
    });
    expect(events[0]).toMatchObject({
      version: '2.0',
      routeKey: 'ANY /v1/{proxy+}',
      rawPath: '/v1/a/b',
      rawQueryString: 'x=1&x=2&y=%20',
      queryStringParameters: { x: '1,2', y: ' ' },
      pathParameters: { proxy: 'a/b' },
      headers: { 'x-custom': 'Yes', 'x-forwarded-proto': 'http', host: url.slice(7) },
      cookies: ['a=1', 'b=2'],
      requestContext: { http: { method: 'POST', path: '/v1/a/b', sourceIp: '127.0.0.1' } },
      body: '{"ok":true}',
      isBase64Encoded: false,
    });
  });

  it('hands binary bodies on as base64, and no body as none', async () => {
    const { url, events } = await startWith(() => ok({ statusCode: 200 }));
    await fetch(`${url}/v1/a`, {
      method: 'PUT',
      headers: { 'content-type': 'video/mp4' },
      body: new Uint8Array([0, 255]),
    });
    await fetch(`${url}/v1/a`);
    expect(events[0]).toMatchObject({ body: 'AP8=', isBase64Encoded: true });
    expect(events[1]).not.toHaveProperty('body');
  });

  it('answers with status, headers, cookies and body of the response', async () => {
    const { url } = await startWith(() =>
      ok({
        statusCode: 201,
        headers: { Location: '/v1/x', 'content-type': 'image/png' },
        cookies: ['a=1', 'b=2'],
        body: 'AP8=',
        isBase64Encoded: true,
      }),
    );
    const response = await fetch(`${url}/v1/x`);
    expect(response.status).toBe(201);
    expect(response.headers.get('location')).toBe('/v1/x');
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(new Uint8Array([0, 255]));
  });

  it('answers with JSON when the function returns something else', async () => {
    const { url } = await startWith(() => ok({ hello: 'world' }));
    const response = await fetch(`${url}/v1/x`);
    expect([response.status, await response.json()]).toEqual([200, { hello: 'world' }]);
  });

  it.each([
    [{ type: 'error', error: { name: 'Error', message: 'secret' } } as const, 500, 'Internal Server Error'],
    [{ type: 'timeout' } as const, 503, 'Service Unavailable'],
    [ok({ statusCode: 'nonsense' }), 500, 'Internal Server Error'],
  ])('tells a client of %j nothing but the status', async (result, status, message) => {
    const { url } = await startWith(() => result);
    const response = await fetch(`${url}/v1/x`);
    expect([response.status, await response.json()]).toEqual([status, { message }]);
  });

  it('answers 404 without a route and 413 to a body over 10 MiB', async () => {
    const { url, events } = await startWith(() => ok({}));
    expect((await fetch(`${url}/other`)).status).toBe(404);
    const status = await new Promise((resolve, reject) => {
      const upload = request(`${url}/v1/x`, { method: 'POST' }, (response) => resolve(response.statusCode));
      upload.on('error', reject);
      upload.end(Buffer.alloc(10 * 1024 * 1024 + 1));
    });
    expect(status).toBe(413);
    expect(events).toHaveLength(0);
  });
});
