import { describe, expect, it } from 'vitest';
import { createRouter } from './routes.ts';

const keys = [
  '$default',
  'ANY /v1/{proxy+}',
  'POST /v1/ingest/{adapter}/{domain}',
  'GET /v1/{thing}',
  'ANY /v1/{thing}',
];
const route = createRouter(keys.map((routeKey) => ({ routeKey, target: routeKey })));

describe('Routing', () => {
  it.each([
    ['POST', '/v1/ingest/nginx-rtmp/example.com', keys[2], { adapter: 'nginx-rtmp', domain: 'example.com' }],
    ['PUT', '/v1/ingest/nginx-rtmp/example.com', keys[1], { proxy: 'ingest/nginx-rtmp/example.com' }],
    ['GET', '/v1/domains', keys[3], { thing: 'domains' }],
    ['DELETE', '/v1/domains', keys[4], { thing: 'domains' }],
    ['GET', '/v1/a/b%20c', keys[1], { proxy: 'a/b c' }],
    ['GET', '/v1/%E0', keys[3], { thing: '%E0' }],
    ['GET', '/v1', '$default', {}],
    ['GET', '/', '$default', {}],
  ])('takes %s %s to %s', (method, path, expected, pathParameters) => {
    expect(route(method, path)).toMatchObject({ route: { target: expected }, pathParameters });
  });

  it('finds nothing for a path without a route', () => {
    expect(createRouter([{ routeKey: 'GET /v1/{proxy+}', target: 1 }])('GET', '/v2/x')).toBeUndefined();
  });
});
