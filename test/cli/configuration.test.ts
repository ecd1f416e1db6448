import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pngOf } from '../../shared/images/image.fixture.ts';
import { startCli, type TestCli } from '../support/cli.ts';

let cli: TestCli;
beforeAll(async () => {
  cli = await startCli();
});
afterAll(() => cli.close());

/** What a command line that must succeed has printed as JSON. */
const json = async (...args: string[]) => {
  const { code, stderr, json } = await cli.run([...args, '--json']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return json;
};

describe('The configuration', () => {
  it('is made, listed, shown, changed and deleted by names', async () => {
    const storage = await json(
      'storages',
      'create',
      '--name',
      'main',
      '--bucket',
      'my-bucket',
      '--region',
      'eu-central-1',
    );
    expect(storage).toMatchObject({ name: 'main', storageId: expect.stringMatching(/^sto_/), default: true });

    const template = await json(
      ...['templates', 'create', '--name', 'shows', '--format', 'mp4,hls', '--storage', 'main'],
      ...['--mp4-max', '1h', '--resume-within', '90s'],
    );
    expect(template).toMatchObject({
      name: 'shows',
      formats: { mp4: { maxMinutes: 60 }, hls: { segmentSeconds: 10, resumptionTimeout: 90 } },
      storage: { primary: storage.storageId },
    });
    expect(await json('templates', 'list')).toEqual([template]);
    expect(await json('templates', 'get', 'shows')).toEqual(template);
    expect(await json('templates', 'get', template.templateId)).toEqual(template);

    const changed = await json(
      'templates',
      'update',
      'shows',
      '--format',
      'mp4,flv',
      '--retention-days',
      '30',
    );
    expect(changed).toMatchObject({
      formats: { mp4: { maxMinutes: 60 }, flv: { maxMinutes: 30 } },
      retentionDays: 30,
    });
    expect(changed.formats.hls).toBeUndefined();

    const { code, stdout } = await cli.run(['templates', 'delete', 'shows', '--yes']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'The template shows is deleted.\n' });
    expect(await json('templates', 'list')).toEqual([]);
  });

  it('may be standby content, which domains name', async () => {
    await writeFile(join(cli.folder, 'slate.png'), pngOf());
    const made = await json('standbys', 'create', '--name', 'slate', '--media', 'slate.png');
    expect(made).toMatchObject({ contentType: 'image/png', name: 'slate' });
    const source = ['--adapter', 'srs', '--source', 'rtmp://10.0.3.7/{app}/{stream}'];
    const domain = await json(
      'domains',
      'create',
      '--domain',
      'p.example.com',
      ...source,
      '--standby',
      'slate',
    );
    expect(domain.standbys).toEqual([{ standbyId: made.standbyId }]);
    expect((await cli.run(['standbys', 'delete', 'slate', '--yes'])).stderr).toContain('p.example.com');
    expect(await cli.run(['domains', 'delete', 'p.example.com', '--yes'])).toMatchObject({ code: 0 });
    expect(await cli.run(['standbys', 'delete', 'slate', '--yes'])).toMatchObject({ code: 0 });
  });

  it('may be a watermark or a transcode template, which templates name', async () => {
    await writeFile(join(cli.folder, 'logo.png'), pngOf());
    const place = ['--x', '88', '--y', '4', '--width', '10'];
    const watermark = await json('watermarks', 'create', '--name', 'logo', '--image', 'logo.png', ...place);
    expect(watermark.images).toMatchObject([{ width: 16, height: 8, xPercent: 88, opacityPercent: 100 }]);
    const moved = await json('watermarks', 'update', 'logo', '--y', '90', '--image', 'logo.png');
    expect(moved.images).toMatchObject([{ sha256: watermark.images[0].sha256, xPercent: 88, yPercent: 90 }]);
    expect((await cli.run(['watermarks', 'list'])).stdout).toMatch(/logo +16×8 +wmk_/);

    const hd = await json('transcodes', 'create', '--name', 'hd', '--video', 'hevc', '--height', '720');
    expect(hd).toMatchObject({ video: { codec: 'hevc', height: 720 }, audio: { codec: 'aac' } });
    await json('transcodes', 'update', 'hd', '--video-bitrate', '2000');
    expect((await cli.run(['transcodes', 'list'])).stdout).toMatch(/hd +hevc, 2000 kb\/s +720 +aac, 128 kb/);

    const storage = ['--bucket', 'my-bucket', '--region', 'eu-central-1'];
    await json('storages', 'create', '--name', 'second', ...storage);
    const template = await json(
      ...['templates', 'create', '--name', 'small', '--format', 'mp4', '--storage', 'second'],
      ...['--content', 'transcoded', '--transcode', 'hd', '--watermark', 'logo'],
    );
    expect(template).toMatchObject({ transcodeId: hd.transcodeId, watermarkId: watermark.watermarkId });
    expect((await json('transcodes', 'get', 'hd')).usedBy).toEqual([template.templateId]);
    expect((await cli.run(['transcodes', 'delete', 'hd', '--yes'])).stdout).toContain('hd is deleted');
    await cli.run(['templates', 'delete', 'small', '--yes']);
  });

  it('is taken from a file, and flags win over it', async () => {
    await writeFile(
      join(cli.folder, 'template.yaml'),
      'name: from-file\nformats: { aac: { when: always } }\nstorage: { primary: main }\nretentionDays: 7\n',
    );
    const made = await json('templates', 'create', '-f', 'template.yaml', '--name', 'from-flag');
    expect(made).toMatchObject({ name: 'from-flag', formats: { aac: { when: 'always' } }, retentionDays: 7 });

    const { code, json: changed } = await cli.run(['templates', 'update', 'from-flag', '-f', '-', '--json'], {
      stdin: '{"retentionDays": null, "formats": {"mp4": {}}}',
    });
    expect(code).toBe(0);
    expect(changed.retentionDays).toBeUndefined();
    expect(Object.keys(changed.formats).sort()).toEqual(['aac', 'mp4']);
  });

  it('is not changed over somebody else’s change', async () => {
    const { templateId } = await json('templates', 'get', 'from-flag');
    const path = `/v1/templates/${templateId}`;
    const change = async (request: Request) => {
      if (request.method !== 'PUT') return;
      const {
        templateId: _,
        createdAt: __,
        updatedAt: ___,
        ...body
      } = (await cli.api.call('GET', path)).json;
      await cli.api.call('PUT', path, { body: { ...body, retentionDays: 99 }, headers: { 'if-match': '*' } });
    };
    const { code, stderr } = await cli.run(['templates', 'update', 'from-flag', '--retention-days', '1'], {
      onRequest: change,
    });
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining('Somebody else has changed it'),
    });
    expect(await json('templates', 'get', 'from-flag')).toMatchObject({ retentionDays: 99 });
  });

  it('binds a template to several domains at once, and says what would match', async () => {
    const source = 'rtmp://origin.example.com/{app}/{stream}';
    for (const domain of ['one.example.com', 'two.example.com']) {
      const made = await json(
        'domains',
        'create',
        '--domain',
        domain,
        '--adapter',
        'webhook',
        '--source',
        source,
      );
      expect(made).toMatchObject({ domain, secret: expect.any(String) });
    }
    const bound = await json(
      ...[
        'rules',
        'bind',
        'from-flag',
        '--domain',
        'one.example.com',
        '--domain',
        'two.example.com',
        '--app',
        'live',
      ],
    );
    expect(bound.map(({ domain, app }: { domain: string; app: string }) => `${domain}/${app}`)).toEqual([
      'one.example.com/live',
      'two.example.com/live',
    ]);
    expect(await json('rules', 'list', '--domain', 'one.example.com')).toEqual([bound[0]]);
    expect(await json('rules', 'list', '--template', 'from-flag', '--limit', '1')).toHaveLength(1);
    expect(await json('rules', 'get', 'two.example.com/live')).toEqual(bound[1]);

    const match = ['rules', 'match', '--domain', 'one.example.com', '--stream', 'show', '--app'];
    expect(await json(...match, 'live')).toMatchObject({ rule: bound[0], template: { name: 'from-flag' } });
    expect((await cli.run([...match, 'other'])).stdout).toBe('No rule: it would not be recorded.\n');
    expect((await cli.run([...match, 'live'])).stdout).toContain('Template  from-flag');

    const other = await json(
      'templates',
      'create',
      '--name',
      'other',
      '--format',
      'mp4',
      '--storage',
      'main',
    );
    const rebound = await json('rules', 'update', 'one.example.com/live', '--template', 'other');
    expect(rebound).toEqual({ ...bound[0], templateId: other.templateId });
    expect(await cli.run(['rules', 'delete', 'one.example.com/live', '-y'])).toMatchObject({ code: 0 });
    expect(await json('rules', 'list')).toEqual([bound[1]]);
  });

  it('tries a storage again, and gives a domain another secret', async () => {
    expect(await json('storages', 'check', 'main')).toMatchObject({ name: 'main' });
    const before = await json('domains', 'get', 'one.example.com');
    const rotated = await json('domains', 'rotate-secret', 'one.example.com', '--yes');
    expect(rotated).toEqual({ ...before, secret: expect.any(String) });
    const chosen = await json(
      'domains',
      'rotate-secret',
      'one.example.com',
      '--yes',
      '--secret',
      'a-secret-of-my-own',
    );
    expect(chosen.secret).toBe('a-secret-of-my-own');
    const updated = await json('domains', 'update', 'one.example.com', '--enabled', 'no');
    expect(updated).toEqual({ ...before, enabled: false });
  });

  it('is shown to people as tables and YAML', async () => {
    const { stdout } = await cli.run(['domains', 'list']);
    expect(stdout.split('\n')).toEqual([
      'DOMAIN           ADAPTER  SOURCE                                    ENABLED  LOSSLESS START',
      'one.example.com  webhook  rtmp://origin.example.com/{app}/{stream}  no',
      'two.example.com  webhook  rtmp://origin.example.com/{app}/{stream}  yes',
      '',
    ]);
    const narrow = (await cli.run(['domains', 'list'], { columns: 60 })).stdout.split('\n');
    expect(Math.max(...narrow.map((line) => line.length))).toBeLessThanOrEqual(60);
    expect(narrow[1]).toContain('…');
    expect((await cli.run(['templates', 'list'])).stdout).toMatch(/^other +mp4 +main +for good +tpl_\S+$/m);
    expect((await cli.run(['rules', 'list'])).stdout).toMatch(
      /^two\.example\.com +live +\(all\) +from-flag /m,
    );
    expect((await cli.run(['domains', 'get', 'two.example.com'])).stdout).toContain('adapter: webhook\n');
    expect(await cli.run(['callbacks', 'list'])).toEqual({
      code: 0,
      stdout: '',
      stderr: 'There are no callbacks.\n',
      json: undefined,
    });
  });
});

describe('Callbacks and tokens', () => {
  it('can be tried out, and their deliveries looked at', async () => {
    const url = 'https://hooks.example.com/streamkeep';
    const made = await json(
      'callbacks',
      'create',
      '--name',
      'hooks',
      '--target',
      url,
      '--events',
      'file.ready',
    );
    expect(made).toMatchObject({ name: 'hooks', url, events: ['file.ready'], secret: expect.any(String) });
    const delivery = await json('callbacks', 'test', 'hooks');
    expect(await json('callbacks', 'deliveries', 'hooks')).toEqual([delivery]);
    expect(await json('callbacks', 'delivery', 'hooks', delivery.deliveryId)).toMatchObject({ attempts: [] });
    expect((await cli.run(['callbacks', 'deliveries', 'hooks'])).stdout).toContain(delivery.deliveryId);
    const resent = await json('callbacks', 'resend', 'hooks', delivery.deliveryId);
    expect(resent).toMatchObject({ deliveryId: delivery.deliveryId, state: 'pending' });
    expect(await json('callbacks', 'rotate-secret', 'hooks')).toMatchObject({ secret: expect.any(String) });
    expect(await json('callbacks', 'update', 'hooks', '--enabled', 'no')).toMatchObject({ enabled: false });
    expect(await cli.run(['callbacks', 'delete', 'hooks', '-y'])).toMatchObject({ code: 0 });
  });

  it('are made, shown once and revoked', async () => {
    const { code, stdout, stderr } = await cli.run([
      'tokens',
      'create',
      '--name',
      'dashboard',
      '--scopes',
      'read',
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'Keep the token: it is shown this once.\n' });
    expect(stdout).toMatch(/^token: sk_/m);
    const shown = await json('tokens', 'get', 'dashboard');
    expect(shown).toMatchObject({ name: 'dashboard', scopes: ['read'] });
    expect(shown.token).toBeUndefined();
    expect(await cli.run(['tokens', 'revoke', 'dashboard', '--yes'])).toMatchObject({ code: 0 });
    const names = (await json('tokens', 'list')).map(({ name }: { name: string }) => name);
    expect(names).not.toContain('dashboard');
  });
});

describe('Tasks', () => {
  it('are made for a time from now, listed, stopped and deleted', async () => {
    const stream = ['--domain', 'one.example.com', '--app', 'live', '--stream', 'show'];
    const task = await json(
      'tasks',
      'create',
      ...stream,
      '--template',
      'other',
      '--start',
      '+10m',
      '--end',
      '+70m',
    );
    expect(task).toMatchObject({
      state: 'scheduled',
      startTime: '2026-11-22T12:10:00.000Z',
      endTime: '2026-11-22T13:10:00.000Z',
    });
    expect(await json('tasks', 'list', '--state', 'scheduled', '--from', '+5m', '--to', '+15m')).toEqual([
      task,
    ]);
    expect(await json('tasks', 'list', '--from', '+15m')).toEqual([]);
    expect(await json('tasks', 'get', task.taskId)).toEqual(task);
    expect((await cli.run(['tasks', 'list'])).stdout).toContain(
      'one.example.com/live/show  scheduled  other',
    );
    expect((await cli.run(['templates', 'delete', 'other', '-y'])).stderr).toContain(
      `used by ${task.taskId}`,
    );
    expect(await json('tasks', 'stop', task.taskId)).toMatchObject({ state: 'stopped' });
    expect(await cli.run(['tasks', 'delete', task.taskId, '--yes'])).toMatchObject({ code: 0 });
    expect(await json('tasks', 'list')).toEqual([]);
  });
});
