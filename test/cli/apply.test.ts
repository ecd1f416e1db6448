import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pngOf } from '../../shared/images/image.fixture.ts';
import { type CliOptions, startCli, type TestCli } from '../support/cli.ts';

const EXAMPLE = fileURLToPath(new URL('../../docs/examples/streamkeep.yaml', import.meta.url));

let cli: TestCli;
beforeEach(async () => {
  cli = await startCli();
});
afterEach(() => cli.close());

const apply = (text: string, flags: string[] = ['--yes'], options: CliOptions = {}) =>
  cli.run(['apply', '-f', '-', ...flags], { stdin: text, ...options });

const STORAGE = 'kind: Storage\nname: main\nbucket: my-bucket\nregion: eu-central-1\n';
const template = (more = '') =>
  `kind: Template\nname: shows\nformats: { mp4: }\nstorage: { primary: main }\n${more}`;

describe('Applying files', () => {
  it('makes everything of the example, and a second time nothing', async () => {
    const first = await cli.run(['apply', '-f', EXAMPLE, '--yes']);
    expect(first).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Done: 10 applied, 0 unchanged.'),
    });
    expect(first.stdout).toContain('+ Template shows');
    expect(first.stderr).toContain('streamkeep domains rotate-secret push.example.com');
    const rules = (await cli.run(['rules', 'list', '--json'])).json;
    expect(rules).toHaveLength(2);

    const second = await cli.run(['apply', '-f', EXAMPLE, '--yes']);
    expect(second).toMatchObject({
      code: 0,
      stdout: 'Nothing to do: everything is as the files say (10 unchanged).\n',
    });
    expect(await cli.run(['apply', '-f', EXAMPLE, '--dry-run', '--exit-code', '--prune'])).toMatchObject({
      code: 0,
    });
  });

  it('gives back what was exported, and knows it again', async () => {
    await cli.run(['apply', '-f', EXAMPLE, '--yes']);
    const { stdout: exported } = await cli.run(['export']);
    expect(exported).not.toContain('secret');
    const again = await apply(exported, ['--prune', '--yes']);
    expect(again.stdout).toMatch(/^Nothing to do/);

    const other = await startCli();
    const made = await other.run(['apply', '-f', '-', '--yes'], { stdin: exported });
    expect(made).toMatchObject({ code: 0, stdout: expect.stringContaining('Done: 10 applied') });
    expect((await other.run(['export'])).stdout).toBe(exported);
    await other.close();
  });

  it('shows a difference before it is made, and makes nothing when the answer is no', async () => {
    await apply(`${STORAGE}---\n${template()}`);
    const changed = `${STORAGE}---\n${template('retentionDays: 30\n')}`;
    const dry = await apply(changed, ['--dry-run', '--exit-code']);
    expect(dry.code).toBe(4);
    expect(dry.stdout).toBe(
      [
        '~ Template shows',
        '  @@ -10,3 +10,4 @@',
        '   storage:',
        '     primary: main',
        '   path: "{RecordSource}/{Domain}/{AppName}/{StreamID}/{RecordId}/{StartYear}-{StartMonth}-{StartDay}-{StartHour}-{StartMinute}-{StartSecond}"',
        '  +retentionDays: 30',
        '',
        '0 to create, 1 to change, 0 to delete, 1 unchanged',
        '',
      ].join('\n'),
    );
    expect(await apply(changed, ['--dry-run'])).toMatchObject({ code: 0 });
    expect(await apply(changed, [], { answer: 'n' })).toMatchObject({ code: 1 });
    expect(await apply(changed, [])).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
    expect((await cli.run(['templates', 'get', 'shows', '--json'])).json.retentionDays).toBeUndefined();
    const json = await apply(changed, ['--dry-run', '--json']);
    expect(json.json).toMatchObject([{ action: 'update', kind: 'Template', name: 'shows' }]);

    expect(await apply(changed, [], { answer: 'y' })).toMatchObject({ code: 0 });
    expect((await cli.run(['templates', 'get', 'shows', '--json'])).json.retentionDays).toBe(30);
    expect((await apply(`${STORAGE}---\n${template()}`)).stdout).toContain('-retentionDays: 30');
    expect((await cli.run(['templates', 'get', 'shows', '--json'])).json.retentionDays).toBeUndefined();
  });

  it('does not write over a change that somebody made since the diff', async () => {
    await apply(`${STORAGE}---\n${template()}`);
    const { json } = await cli.run(['templates', 'get', 'shows', '--json']);
    const path = `/v1/templates/${json.templateId}`;
    const onRequest = async ({ method }: Request) => {
      if (method !== 'PUT') return;
      const { templateId: _, createdAt: __, updatedAt: ___, ...body } = json;
      await cli.api.call('PUT', path, { body: { ...body, maxDuration: 5 }, headers: { 'if-match': '*' } });
    };
    const refused = await apply(`${STORAGE}---\n${template('retentionDays: 30\n')}`, ['--yes'], {
      onRequest,
    });
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('since the diff was made') });
    expect((await cli.run(['templates', 'get', 'shows', '--json'])).json).toMatchObject({ maxDuration: 5 });
  });

  it('deletes what is in no file only when told to, users first, and no one-off recording’s', async () => {
    await cli.run(['apply', '-f', EXAMPLE, '--yes']);
    const body = {
      domain: 'once-1234.invalid',
      adapter: 'webhook',
      source: { url: 'rtmp://x.example.com/{stream}' },
    };
    await cli.api.call('POST', '/v1/domains', { body });
    expect((await apply(STORAGE.replace('my-bucket', 'my-recordings'))).stdout).toMatch(/^Nothing to do/);

    const pruned = await apply(STORAGE.replace('my-bucket', 'my-recordings'), ['--prune', '--yes']);
    expect(pruned).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('0 to create, 0 to change, 9 to delete'),
    });
    expect((await cli.run(['export', '--json'])).json).toMatchObject([{ kind: 'Storage', name: 'main' }]);
    expect((await cli.run(['domains', 'list', '--json'])).json).toHaveLength(1);
  });

  it('never shows a secret', async () => {
    const secret = 'a-secret-of-my-own';
    const domain = `kind: Domain\ndomain: push.example.com\nadapter: webhook\nsource: { url: "rtmp://x.example.com/{stream}" }\nsecret: ${secret}\n`;
    const made = await apply(domain);
    expect(made).toMatchObject({ code: 0, stdout: expect.stringContaining('secret: (not shown)') });
    expect(made.stdout + made.stderr).not.toContain(secret);
    const ingest = await cli.run(['domains', 'update', 'push.example.com', '--enabled', 'no', '--json']);
    expect(ingest.json.enabled).toBe(false);
    const again = await apply(domain, ['--yes', '--json']);
    expect(again).toMatchObject({ code: 0, json: [{ action: 'update' }] });
    expect(again.stdout).not.toContain(secret);
  });
});

describe('What is wrong with files', () => {
  it('is said with its places, all at once, and nothing is done', async () => {
    await writeFile(
      join(cli.folder, 'bad.yaml'),
      [
        STORAGE.trim(),
        '---',
        'kind: Template',
        'name: shows',
        'formats:',
        '  mp4:',
        '    maxMinute: 5',
        'storage: { primary: main, backup: other }',
        '---',
        'kind: Rule',
        'domain: push.example.com',
        'template: none',
        '---',
        'kind: Rul',
        '---',
        'kind: Domain',
        '---',
        STORAGE.trim(),
        '---',
        'a: [',
      ].join('\n'),
    );
    const { code, stderr, stdout } = await cli.run(['apply', '-f', '.', '--yes']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.trim().split('\n')).toEqual([
      'bad.yaml:17:7: document 4: kind must be one of Storage, Watermark, Transcode, Standby, Orchestration, Template, Domain, Rule, Callback',
      'bad.yaml:19:1: document 5: a Domain needs its domain, as text',
      expect.stringMatching(/^bad\.yaml:26:5: Flow sequence .* end with a \]$/),
      'bad.yaml:21:1: document 6, Storage main: is already in bad.yaml:1:1',
      'bad.yaml:10:16: document 2, Template shows: formats.mp4.maxMinute is no field of a Template',
      "bad.yaml:11:35: document 2, Template shows: storage.backup: there is no Storage 'other', nor one in the files",
      "bad.yaml:15:11: document 3, Rule push.example.com: template: there is no Template 'none', nor one in the files",
    ]);
    expect((await cli.run(['storages', 'list', '--json'])).json).toEqual([]);
  });

  it('is said with its place when the API refuses it', async () => {
    const { code, stderr } = await apply(
      `${STORAGE}---\n${template('retentionDays: 0\npath: "{Nothing}"\n')}`,
    );
    expect(code).toBe(1);
    expect(stderr).toContain('-:10:16: document 2, Template shows: retentionDays: ');
    expect(stderr).toContain('-:11:7: document 2, Template shows: path: {Nothing} is unknown');
    expect((await cli.run(['storages', 'list', '--json'])).json).toHaveLength(1);
  });

  it('is a file or a folder that holds nothing', async () => {
    expect(await cli.run(['apply', '-f', 'nothing.yaml', '--yes'])).toMatchObject({ code: 2 });
    expect(await cli.run(['apply', '-f', '.', '--yes'])).toMatchObject({ code: 2 });
    expect(await apply('# nothing\n')).toMatchObject({ code: 2, stderr: 'There is nothing in the files.\n' });
  });

  it('is not the example of the documentation', async () => {
    expect(await readFile(EXAMPLE, 'utf8')).toContain('kind: Template');
    expect(await cli.run(['apply', '-f', EXAMPLE, '--dry-run'])).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('Applying watermarks', () => {
  const RED = pngOf();
  const watermark = (more = '') =>
    `kind: Watermark\nname: logo\nimages:\n  - { file: logo.png, xPercent: 88, yPercent: 4, widthPercent: 10 }\n${more}`;

  beforeEach(() => writeFile(join(cli.folder, 'logo.png'), RED));

  it('uploads images that are beside the file, and knows them again', async () => {
    expect(await apply(watermark())).toMatchObject({ code: 0 });
    const { json } = await cli.run(['watermarks', 'get', 'logo', '--json']);
    expect(json).toMatchObject({ images: [{ width: 16, height: 8, xPercent: 88, opacityPercent: 100 }] });
    expect((await apply(watermark())).stdout).toMatch(/^Nothing to do/);

    const sent: string[] = [];
    const onRequest = async (request: Request) => {
      if (request.method === 'PUT') sent.push(await request.clone().text());
    };
    const second = '  - { file: other.png, xPercent: 1, yPercent: 1, widthPercent: 5 }\n';
    await writeFile(join(cli.folder, 'other.png'), pngOf({ width: 4 }));
    const changed = await apply(watermark(second), ['--yes'], { onRequest });
    expect(changed.stdout).toContain('+  - xPercent: 1');
    expect(changed.stdout).not.toContain(RED.toString('base64'));
    expect(JSON.parse(sent[0] ?? '').images).toEqual([
      expect.objectContaining({ sha256: json.images[0].sha256 }),
      expect.objectContaining({ data: pngOf({ width: 4 }).toString('base64') }),
    ]);
    const exported = (await cli.run(['export'])).stdout;
    expect((await apply(exported)).stdout).toMatch(/^Nothing to do/);
  });

  it('refuses what is no image or not there, with the place', async () => {
    await writeFile(join(cli.folder, 'logo.png'), 'GIF89a');
    const refused = await apply(watermark());
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/-:4:5: .*images\.0\.data: must be a PNG or a JPEG/),
    });
    const missing = await apply(watermark('  - { file: none.png }\n'));
    expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining('none.png cannot be read') });
  });

  it('lets templates name watermarks and transcode templates, and takes them away after those', async () => {
    const using = template('content: transcoded\nwatermark: logo\ntranscode: hd\n');
    const all = [STORAGE, using, watermark(), 'kind: Transcode\nname: hd\nvideo: { codec: hevc }\n'].join(
      '---\n',
    );
    expect(await apply(all)).toMatchObject({ code: 0 });
    expect((await apply(all)).stdout).toMatch(/^Nothing to do/);
    expect((await cli.run(['export'])).stdout).toMatch(/watermark: logo\ntranscode: hd/);
    const flv = all.replace('{ mp4: }', '{ flv: }');
    expect((await apply(flv)).stderr).toMatch(/formats\.flv: cannot hold hevc; it takes h264 and aac/);
    const pruned = await apply(STORAGE, ['--prune', '--yes']);
    expect(pruned.stdout).toMatch(/Template shows deleted\nTranscode hd deleted\nWatermark logo deleted/);
  });
});

describe('Applying standby content', () => {
  const files = (standbys: string) =>
    [
      'kind: Standby\nname: slate\nfile: slate.png\n',
      'kind: Domain\ndomain: p.example.com\nadapter: srs\nsource: { url: "rtmp://10.0.3.7/{app}/{stream}" }\n',
    ].join('---\n') + standbys;

  beforeEach(() => writeFile(join(cli.folder, 'slate.png'), pngOf()));

  it('makes it before the domains that name it, and knows it again', async () => {
    const both = files('standbys: [{ standbyId: slate }, { app: live, standbyId: slate }]\n');
    expect(await apply(both)).toMatchObject({ code: 0 });
    const { json } = await cli.run(['domains', 'get', 'p.example.com', '--json']);
    expect(json.standbys).toEqual([
      { standbyId: expect.stringMatching(/^stb_/) },
      { app: 'live', standbyId: expect.stringMatching(/^stb_/) },
    ]);
    expect((await apply(both)).stdout).toMatch(/^Nothing to do/);
    const exported = (await cli.run(['export'])).stdout;
    expect(exported).toContain('standbyId: slate');
    expect((await apply(exported)).stdout).toMatch(/^Nothing to do/);
  });

  it('is refused when a domain names what there is not, with the place', async () => {
    const refused = await apply(files('standbys: [{ standbyId: other }]\n'));
    expect(refused).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/standbys\.0\.standbyId: there is no Standby 'other'/),
    });
  });
});
