import { createHash } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { signatureHeader } from '../../shared/callbacks/secrets.ts';
import type { PushEvent } from '../../shared/events/stream-events.ts';
import type { Domain } from '../../shared/schemas/domain.ts';
import { createRecordedTelemetry } from '../common/world.fixture.ts';
import { createIngest, type IngestPorts } from './ingest.ts';

const SECRET = 'correct-horse-battery';
const TOKEN = 'sk_token-with-the-scope-ingest';
const NOW = new Date('2026-11-22T10:00:00.000Z');

const domainWith = (changes: Partial<Domain> = {}): Domain => ({
  domain: 'push.example.com',
  adapter: 'nginx-rtmp',
  source: { url: 'rtmp://origin.example.com/{app}/{stream}' },
  enabled: true,
  losslessStart: false,
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
      timeEpoch: NOW.getTime(),
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

const answerSchema = z.object({
  code: z.literal(0),
  outcome: z.enum(['accepted', 'ignored', 'unrecorded']),
  errors: z.array(z.object({ in: z.string(), field: z.string() })).optional(),
});

const setUp = (domain: Domain = domainWith(), changes: Partial<IngestPorts> = {}) => {
  const queued: PushEvent[] = [];
  const { telemetry, logged, counted } = createRecordedTelemetry();
  let reads = 0;
  const ingest = createIngest({
    findDomain: async (name) => {
      reads += 1;
      return name === domain.domain ? domain : undefined;
    },
    findToken: async (token) => {
      reads += 1;
      return { scopes: token === TOKEN ? ['ingest'] : ['read', 'write'] };
    },
    putDown: async (event) => void queued.push(event),
    losslessStart: async () => undefined,
    telemetry,
    ...changes,
  });
  const call = (request: Request = {}) => ingest(requestOf(request));
  const answer = async (request: Request = {}) => {
    const { statusCode, body } = await call(request);
    return { statusCode, ...answerSchema.parse(JSON.parse(body ?? '')) };
  };
  const problem = async (request: Request) => {
    const { statusCode, headers, body } = await call(request);
    expect(headers?.['content-type']).toBe('application/problem+json');
    const document = problemSchema.parse(JSON.parse(body ?? ''));
    expect(document.status).toBe(statusCode);
    return document;
  };
  return { call, answer, problem, queued, logged, counted, reads: () => reads };
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

  it('may come with a token instead, but only of the scope ingest', async () => {
    const { call, problem, queued, reads } = setUp();
    expect((await call({ query: '', headers: { authorization: `Bearer ${TOKEN}` } })).statusCode).toBe(200);
    expect(queued).toHaveLength(1);
    expect(reads()).toBe(2);
    const other = { query: '', headers: { authorization: 'Bearer sk_reads-and-writes' } };
    expect(await problem(other)).toMatchObject({ status: 401 });
    expect(queued).toHaveLength(1);
  });

  it('are refused without the secret or with a wrong one, and nothing of it is logged', async () => {
    const { problem, queued, logged } = setUp();
    expect(await problem({ query: '' })).toMatchObject({ status: 401 });
    expect(await problem({ query: 'secret=wrong-secret-wrong' })).toMatchObject({
      status: 401,
      errors: [
        { in: 'query', field: 'secret' },
        { in: 'path', field: 'domain' },
      ],
    });
    expect(await problem({ query: `secret=wrong&secret=${SECRET}` })).toMatchObject({ status: 401 });
    expect(queued).toHaveLength(0);
    expect(JSON.stringify(logged)).not.toMatch(/wrong-secret-wrong|correct-horse/);
  });

  it.each(['unknown.example.com', 'not a host', '../../etc', 'x'.repeat(3000)])(
    'are refused for a domain that is not configured: %s',
    async (domain) => {
      const { problem, queued } = setUp();
      const headers = { authorization: `Bearer ${TOKEN}` };
      expect(await problem({ domain, query: '', headers })).toMatchObject({
        status: 404,
        errors: [{ in: 'path', field: 'domain' }],
      });
      expect(queued).toHaveLength(0);
    },
  );

  it('tell nobody without a secret what domains there are', async () => {
    const { problem } = setUp();
    const query = 'secret=wrong';
    expect(await problem({ domain: 'unknown.example.com', query })).toEqual(await problem({ query }));
  });

  it('are refused in the format of another ingest server', async () => {
    const { problem } = setUp();
    expect(await problem({ adapter: 'node-media-server' })).toMatchObject({ status: 409 });
    for (const adapter of ['constructor', 'ivs', '']) {
      expect(await problem({ adapter })).toMatchObject({
        status: 404,
        errors: [{ in: 'path', field: 'adapter' }],
      });
    }
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
  ])('let a stream in whose name of %s cannot be recorded, and say so', async (_, body) => {
    const { answer, queued, counted, logged } = setUp();
    const errors = [{ in: 'body', field: 'name' }];
    expect(await answer({ body })).toMatchObject({ statusCode: 200, outcome: 'unrecorded', errors });
    expect(queued).toHaveLength(0);
    expect(counted).toEqual(['CallbacksUnrecorded']);
    expect(logged[0]?.details).toMatchObject({ errors });
  });

  it('do not let such a stream in where nothing may be pushed', async () => {
    const { problem } = setUp(domainWith({ enabled: false }));
    expect(await problem({ body: `${FORM}&name=`.replace('name=demo', '') })).toMatchObject({ status: 403 });
  });

  it.each(['mediamtx', 'webhook'] as const)(
    'are refused with such a name where no stream hangs on it: %s',
    async (adapter) => {
      const { problem } = setUp(domainWith({ adapter }));
      const mediamtx = 'hook=runOnReady&MTX_PATH=%00';
      const body = adapter === 'mediamtx' ? mediamtx : '{"type":"started","app":"live","stream":""}';
      expect(await problem({ adapter, body })).toMatchObject({ status: 400 });
    },
  );

  it('are refused when they are too large', async () => {
    const { problem } = setUp();
    expect(await problem({ body: `${FORM}&x=${'x'.repeat(70_000)}` })).toMatchObject({ status: 413 });
  });

  it('of SRS are answered with the code that it wants', async () => {
    const { call, queued } = setUp(domainWith({ adapter: 'srs' }));
    const publish = { action: 'on_publish', client_id: '9308h583', app: 'live', stream: 'demo' };
    const { statusCode, body } = await call({ adapter: 'srs', body: JSON.stringify(publish) });
    expect([statusCode, JSON.parse(body ?? '')]).toEqual([200, { code: 0, outcome: 'accepted' }]);
    expect(queued).toMatchObject([{ type: 'started', clientId: '9308h583' }]);
  });
});

describe('a signed webhook', () => {
  const domain = domainWith({ adapter: 'webhook' });
  const body = '{"type":"started","app":"live","stream":"demo","clientId":"1"}';
  const timestamp = NOW.getTime() / 1000 - 60;
  const secret = `whsec_${Buffer.from(domain.secretHash, 'hex').toString('base64')}`;
  const headers = {
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatureHeader([secret], { id: 'msg_1', timestamp, body }),
  };

  it('is taken without the secret, and means the same however often it is sent', async () => {
    const { call, queued } = setUp(domain);
    await call({ adapter: 'webhook', query: '', headers, body });
    await call({ adapter: 'webhook', query: '', headers, body });
    const at = new Date(timestamp * 1000).toISOString();
    expect(queued).toMatchObject([{ type: 'started', at }, { at }]);
  });

  it('is refused when it is not right, even with the secret', async () => {
    const { problem, queued } = setUp(domain);
    expect(await problem({ adapter: 'webhook', headers, body: `${body} ` })).toMatchObject({ status: 401 });
    expect(queued).toHaveLength(0);
  });

  it('is nothing to other adapters', async () => {
    const { problem } = setUp({ ...domain, adapter: 'nginx-rtmp' });
    expect(await problem({ query: '', headers, body })).toMatchObject({ status: 401 });
  });
});

describe('when the table is away, or the queue with it', () => {
  const away = () => Promise.reject(new Error('away'));
  const silent = () => new Promise<never>(() => undefined);
  const ports: [string, Partial<IngestPorts>][] = [
    ['the domain cannot be read', { findDomain: away }],
    ['the event cannot be put down', { putDown: away }],
    ['the table does not answer', { findDomain: silent, patienceMs: 5 }],
  ];

  it.each(ports)('a stream is let in all the same: %s', async (_, changes) => {
    const { answer, counted, logged } = setUp(domainWith(), changes);
    expect(await answer()).toMatchObject({ statusCode: 200, outcome: 'unrecorded' });
    expect(counted).toEqual(['CallbacksUnrecorded']);
    expect(logged).toHaveLength(1);
    expect(JSON.stringify(logged)).not.toContain(SECRET);
  });

  it.each(ports)('who can send it again is told so: %s', async (_, changes) => {
    const { call, counted } = setUp(domainWith({ adapter: 'mediamtx' }), changes);
    const body = 'hook=runOnReady&MTX_PATH=demo';
    const answer = await call({ adapter: 'mediamtx', body });
    expect(answer).toMatchObject({ statusCode: 503, headers: { 'retry-after': '1' } });
    expect(counted).toEqual(['CallbacksUnrecorded']);
  });

  it('nobody is let in who may not push', async () => {
    const { problem } = setUp(domainWith(), { putDown: away });
    expect(await problem({ query: 'secret=wrong' })).toMatchObject({ status: 401 });
  });
});

describe('a lossless start', () => {
  it('is waited for when a push begins, after its event was put down', async () => {
    const order: string[] = [];
    const { call } = setUp(domainWith({ losslessStart: true }), {
      putDown: async ({ type }) => void order.push(`queued ${type}`),
      losslessStart: async ({ losslessStart }, { type }) => void order.push(`${type} ${losslessStart}`),
    });
    await call();
    await call({ body: FORM.replace('publish', 'publish_done') });
    expect(order).toEqual(['queued started', 'started true', 'queued stopped']);
  });
});
