import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CliOptions, fetchFrom, startCli, type TestCli } from '../support/cli.ts';

let cli: TestCli;
beforeEach(async () => {
  cli = await startCli();
});
afterEach(() => cli.close());

const SOURCE = 'rtmp://cam.example.com/live/show?key=1';

/** Everything that is configured, and what ingest was told. */
const left = async () => {
  const all = ['templates', 'domains', 'tasks', 'rules', 'storages'];
  const lists = await Promise.all(
    all.map(async (kind) => (await cli.run([kind, 'list', '--json'])).json.length),
  );
  return Object.fromEntries(all.map((kind, index) => [kind, lists[index]]));
};
const ONLY_STORAGE = { templates: 0, domains: 0, tasks: 0, rules: 0, storages: 1 };

type Body = Readonly<Record<string, unknown>>;

const record = (flags: string[], ingest: () => Response, options: CliOptions = {}) => {
  const toIngest: { secret: string | null; body: Body }[] = [];
  const made: Body[] = [];
  const fromApi = fetchFrom(cli.api);
  const fetch = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    const body: Body =
      request.method === 'POST' && request.body !== null ? JSON.parse(await request.clone().text()) : {};
    if (!pathname.startsWith('/v1/ingest/')) {
      if (Object.keys(body).length > 0) made.push(body);
      return fromApi(request);
    }
    toIngest.push({ secret: request.headers.get('authorization'), body });
    return ingest();
  };
  const args = ['record', SOURCE, '--to', 's3://my-bucket/cams', ...flags];
  return cli.run(args, { ...options, fetch }).then((result) => ({ ...result, toIngest, made }));
};

const REGION = ['--region', 'eu-central-1'];
const taken = () => Response.json({ code: 0, outcome: 'accepted' });

describe('A one-off recording', () => {
  it('takes away what it made when it cannot begin', async () => {
    const refused = () => Response.json({ title: 'Not now.', status: 503 }, { status: 503 });
    const { code, stderr, toIngest } = await record([...REGION, '--for', '10m'], refused);
    expect(code).toBe(1);
    expect(stderr).toContain('Not now.');
    expect(stderr).toContain('The storage my-bucket was made for the bucket my-bucket, and stays.');
    expect(toIngest.map(({ body }) => body.type)).toEqual(['started', 'stopped']);
    expect(await left()).toEqual(ONLY_STORAGE);
  });

  it('asks for what the command line says, and Ctrl-C ends it in good order', async () => {
    await cli.run(['storages', 'create', '--name', 'mine', '--bucket', 'my-bucket', '--region', 'eu-west-1']);
    let interrupt: (() => void) | undefined;
    const options: CliOptions = {
      onListening: (listener) => {
        interrupt = listener;
      },
      onRequest: async ({ method, url }) => {
        if (method !== 'GET' || !url.includes('/v1/tasks/')) return;
        interrupt?.();
        interrupt = undefined;
      },
    };
    const flags = ['--format', 'mp4,aac', '--for', '10m', '--name', 'lobby'];
    const { code, stderr, toIngest, made } = await record(flags, taken, options);
    expect(code).toBe(1);
    expect(stderr).toContain('Stopping');
    expect(stderr).toContain('Nothing was recorded. The task was stopped by request.');
    const [domain, template, task] = made;
    expect(domain).toMatchObject({
      adapter: 'webhook',
      source: { url: 'rtmp://cam.example.com/live/{stream}?key=1' },
    });
    expect(template).toMatchObject({
      name: expect.stringMatching(/^once-/),
      formats: { mp4: {}, aac: { when: 'always' } },
      path: expect.stringMatching(/^cams\/lobby-\{StartYear\}/),
    });
    expect(task).toMatchObject({ stream: 'show', endTime: '2026-11-22T12:10:00.000Z' });
    expect(toIngest.map(({ body }) => body)).toMatchObject([
      { type: 'started', app: 'once', stream: 'show' },
      { type: 'stopped', app: 'once', stream: 'show' },
    ]);
    expect(toIngest[0]?.secret).toMatch(/^Bearer (?!token-all)/);
    expect(await left()).toEqual(ONLY_STORAGE);
  });

  it('needs the region of a bucket that has no storage', async () => {
    const { code, stderr } = await record([], taken);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('--region') });
    expect(await left()).toEqual({ ...ONLY_STORAGE, storages: 0 });
  });
});
