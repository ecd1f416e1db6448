import { createHash } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { StreamEvent } from '../../shared/events/stream-events.ts';
import type { Domain } from '../../shared/schemas/domain.ts';
import { createRecordedTelemetry } from '../common/world.fixture.ts';
import { createIngest } from './ingest.ts';

const SECRET = 'correct-horse-battery';
const NOW = new Date('2026-11-22T10:00:00.000Z');

const domainWith = (changes: Partial<Domain> = {}): Domain => ({
  domain: 'push.example.com',
  adapter: 'nginx-rtmp',
  source: { url: 'rtmp://origin.example.com/{app}/{stream}' },
  enabled: true,
  secretHash: createHash('sha256').update(SECRET).digest('hex'),
  createdAt: NOW.toISOString(),
  ...changes,
});

const FORM = 'app=live&addr=10.0.0.7&clientid=42&call=publish&name=demo';

interface Request {
  adapter?: string;
  domain?: string;
  query?: string;
  headers?: Record<string, string>;
  method?: string;
  body?: string;
  base64?: boolean;
}

const requestOf = (request: Request): APIGatewayProxyEventV2 => {
  const { adapter = 'nginx-rtmp', domain = 'push.example.com', query = `secret=${SECRET}` } = request;
  const { method = 'POST', body = FORM, base64 = false, headers = {} } = request;
  const path = `/v1/ingest/${adapter}/${domain}`;
  const http = { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: '' };
  return {
    version: '2.0',
    routeKey: `${method} /v1/ingest/{adapter}/{domain}`,
    rawPath: path,
    rawQueryString: query,
    headers,
    requestContext: {
      accountId: '',
      apiId: '',
      domainName: '',
      domainPrefix: '',
      requestId: '',
      routeKey: '',
      stage: '',
      time: '',
      timeEpoch: 0,
      http,
    },
    pathParameters: { adapter, domain },
    body: base64 ? Buffer.from(body).toString('base64') : body,
    isBase64Encoded: base64,
  };
};

const problemSchema = z.object({
  status: z.number(),
  type: z.string(),
  errors: z.array(z.object({ in: z.string(), field: z.string() })).optional(),
});

const setUp = (domain: Domain = domainWith()) => {
  const queued: StreamEvent[] = [];
  const { telemetry, logged } = createRecordedTelemetry();
  let reads = 0;
  const ingest = createIngest({
    findDomain: async (name) => {
      reads += 1;
      return name === domain.domain ? domain : undefined;
    },
    queueStreamEvent: async (event) => {
      queued.push(event);
    },
    telemetry,
    now: () => NOW,
  });
  const call = (request: Request = {}) => ingest(requestOf(request));
  const problem = async (request: Request) => {
    const { statusCode, headers, body } = await call(request);
    expect(headers?.['content-type']).toBe('application/problem+json');
    const document = problemSchema.parse(JSON.parse(body ?? ''));
    expect(document.status).toBe(statusCode);
    return document;
  };
  return { call, problem, queued, logged, reads: () => reads };
};

describe('ingest callbacks', () => {
  it('queue one event for one read, and are answered with exactly 200', async () => {
    const { call, queued, reads } = setUp();
    expect((await call()).statusCode).toBe(200);
    expect(queued).toEqual([
      {
        type: 'started',
        key: { domain: 'push.example.com', app: 'live', stream: 'demo' },
        clientId: '10.0.0.7/42',
        at: NOW.toISOString(),
      },
    ]);
    expect(reads()).toBe(1);
  });

  it('may be base64, as the gateway hands over bodies of unknown types', async () => {
    const { call, queued } = setUp();
    expect((await call({ base64: true })).statusCode).toBe(200);
    expect(queued).toHaveLength(1);
  });

  it('are answered with exactly 200 when they are about something else', async () => {
    const { call, queued } = setUp();
    expect((await call({ body: 'app=live&addr=10.0.0.7&clientid=42&call=play&name=demo' })).statusCode).toBe(
      200,
    );
    expect(queued).toHaveLength(0);
  });

  it('take the secret from the query, a header or a bearer token', async () => {
    const { call, queued } = setUp();
    await call();
    await call({ query: '', headers: { 'x-streamkeep-secret': SECRET } });
    await call({ query: '', headers: { authorization: `Bearer ${SECRET}` } });
    expect(queued).toHaveLength(3);
  });

  it('are refused without the secret or with a wrong one, and nothing of it is logged', async () => {
    const { problem, queued, logged } = setUp();
    expect(await problem({ query: '' })).toMatchObject({ status: 401 });
    expect(await problem({ query: 'secret=wrong-secret-wrong' })).toMatchObject({
      status: 401,
      errors: [{ in: 'query', field: 'secret' }],
    });
    expect(await problem({ query: `secret=wrong&secret=${SECRET}` })).toMatchObject({ status: 401 });
    expect(queued).toHaveLength(0);
    expect(JSON.stringify(logged)).not.toMatch(/wrong-secret-wrong|correct-horse/);
  });

  it.each(['unknown.example.com', 'not a host', '../../etc', 'x'.repeat(3000)])(
    'are refused for a domain that is not configured: %s',
    async (domain) => {
      const { problem, queued } = setUp();
      expect(await problem({ domain })).toMatchObject({
        status: 404,
        errors: [{ in: 'path', field: 'domain' }],
      });
      expect(queued).toHaveLength(0);
    },
  );

  it('are refused in the format of another ingest server', async () => {
    const { problem } = setUp();
    expect(await problem({ adapter: 'node-media-server' })).toMatchObject({ status: 409 });
    expect(await problem({ adapter: 'constructor' })).toMatchObject({
      status: 404,
      errors: [{ in: 'path', field: 'adapter' }],
    });
  });

  it('are refused for a disabled domain, but for the end of a push that began before', async () => {
    const { call, problem, queued } = setUp(domainWith({ enabled: false }));
    expect(await problem({})).toMatchObject({ status: 403 });
    expect(queued).toHaveLength(0);
    expect((await call({ body: FORM.replace('publish', 'publish_done') })).statusCode).toBe(200);
    expect(queued).toHaveLength(1);
  });

  it.each([
    ['control characters', `app=live&addr=1.2.3.4&clientid=1&call=publish&name=a%00b`],
    [
      '2 KB of UTF-8',
      `app=live&addr=1.2.3.4&clientid=1&call=publish&name=${encodeURIComponent('直'.repeat(700))}`,
    ],
  ])('are refused with a stream name of %s, and name the field', async (_, body) => {
    const { problem, queued } = setUp();
    expect(await problem({ body })).toMatchObject({ status: 400, errors: [{ in: 'body', field: 'name' }] });
    expect(queued).toHaveLength(0);
  });

  it('are refused when they are too large', async () => {
    const { problem } = setUp();
    expect(await problem({ body: `${FORM}&x=${'x'.repeat(70_000)}` })).toMatchObject({ status: 413 });
  });

  it('fail when the event could not be queued, so that the stream is refused and not lost', async () => {
    const { telemetry } = createRecordedTelemetry();
    const ingest = createIngest({
      findDomain: async () => domainWith(),
      queueStreamEvent: () => Promise.reject(new Error('no queue')),
      telemetry,
      now: () => NOW,
    });
    await expect(ingest(requestOf({}))).rejects.toThrow('no queue');
  });
});
