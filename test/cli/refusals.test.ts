import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCli, type TestCli } from '../support/cli.ts';

let cli: TestCli;
beforeAll(async () => {
  cli = await startCli();
});
afterAll(() => cli.close());

const TEMPLATE = ['templates', 'create', '--name', 'no good', '--format', 'mp4', '--mp4-max', '100h'];

describe('What is refused', () => {
  it('is said with every bad field, and ends with 1', async () => {
    const { code, stdout, stderr } = await cli.run(TEMPLATE);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('name: must be 1–64 letters, digits, _ or - (given: "no good")');
    expect(stderr).toMatch(/formats\.mp4\.maxMinutes: .*720.* \(given: 6000\)/);
    expect(stderr).toContain('storage');
    expect(stderr).not.toContain('.ts:');
  });

  it('is the problem itself for programs, on stderr', async () => {
    const { code, stdout, stderr } = await cli.run([...TEMPLATE, '--json']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(JSON.parse(stderr)).toMatchObject({ type: 'urn:streamkeep:problem:invalid-request', status: 400 });
  });

  it('has a stack trace with --debug only', async () => {
    expect((await cli.run([...TEMPLATE, '--debug'])).stderr).toMatch(/at .*\.ts:\d+/);
  });

  it('is a token that is not valid, without showing it', async () => {
    const { code, stderr } = await cli.run(['templates', 'list', '--token', 'sk_not-mine']);
    expect(code).toBe(1);
    expect(stderr).toContain('The token is not valid for this API.');
    expect(stderr).not.toContain('sk_not-mine');
  });

  it('is what is not there', async () => {
    const { code, stderr } = await cli.run(['templates', 'get', 'nothing']);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining("There is no template 'nothing'"),
    });
  });
});

describe('Wrong usage ends with 2', () => {
  it.each([
    ['an unknown command', ['templates', 'lst'], 'Did you mean list?'],
    ['an unknown flag', ['templates', 'list', '--nme', 'x'], '--nme'],
    ['a missing argument', ['templates', 'get'], 'template'],
    ['a missing flag', ['rules', 'bind', 'shows'], '--domain'],
    ['a bad duration', ['templates', 'create', '--max-duration', '10 min'], '--max-duration: '],
    ['a bad time', ['recordings', 'list', '--from', 'yesterday'], 'yesterday'],
    [
      'a bad list',
      ['templates', 'create', '--format', 'avi'],
      "--format: 'avi' is none of hls, mp4, flv, aac",
    ],
    [
      'a name that refers to nothing',
      ['templates', 'create', '--storage', 'none'],
      "there is no storage 'none'",
    ],
    ['a limit of nothing', ['templates', 'list', '--limit', '0'], '--limit'],
    ['nothing at all', [], 'Usage: streamkeep'],
    ['a bad source', ['record', 'ftp://x/y', '--to', 's3://bucket'], 'ftp://x/y'],
    ['a bad destination', ['record', 'rtmp://x/live/y', '--to', 'bucket'], 's3://BUCKET'],
    ['a missing file', ['templates', 'create', '-f', 'nothing.yaml'], 'nothing.yaml'],
    ['an address that is none', ['templates', 'list', '--url', 'example.com'], 'http://'],
  ])('%s', async (_, args, words) => {
    const { code, stdout, stderr } = await cli.run(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(words);
  });

  it('when something would be deleted, and nobody can be asked', async () => {
    await cli.run([
      'storages',
      'create',
      '--name',
      'kept',
      '--bucket',
      'my-bucket',
      '--region',
      'eu-central-1',
    ]);
    const args = ['storages', 'delete', 'kept'];
    expect(await cli.run(args)).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
    expect(await cli.run(args, { answer: 'n' })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('[y/N]'),
    });
    expect((await cli.run(['storages', 'list', '--json'])).json).toHaveLength(1);
    expect(await cli.run(args, { answer: 'y' })).toMatchObject({ code: 0 });
    expect((await cli.run(['storages', 'list', '--json'])).json).toEqual([]);
  });
});

describe('The API', () => {
  const refused = async (): Promise<never> => {
    throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED 127.0.0.1:8080') });
  };

  it('that cannot be reached ends with 3', async () => {
    const { code, stderr } = await cli.run(['templates', 'list'], { fetch: refused });
    expect({ code, stderr }).toEqual({
      code: 3,
      stderr: 'Nothing answers at http://api.example.com (connect ECONNREFUSED 127.0.0.1:8080).\n',
    });
  });

  it('that is none ends with 3', async () => {
    const fetch = async () => new Response('<html>', { headers: { 'content-type': 'text/html' } });
    const { code, stderr } = await cli.run(['templates', 'list'], { fetch });
    expect({ code, stderr }).toEqual({ code: 3, stderr: 'What answers is no Streamkeep API.\n' });
  });

  it('is the local run of the working folder when neither address nor token is said', async () => {
    const nowhere = await cli.run(['templates', 'list'], { env: {} });
    expect(nowhere).toMatchObject({ code: 2, stderr: expect.stringContaining('STREAMKEEP_URL') });

    await mkdir(join(cli.folder, '.streamkeep'));
    const secrets = { adminToken: cli.api.tokens.all };
    await writeFile(join(cli.folder, '.streamkeep', 'secrets.json'), JSON.stringify(secrets));
    const asked: string[] = [];
    const onRequest = async ({ url }: Request) => void asked.push(url);
    expect(await cli.run(['templates', 'list', '--json'], { env: {}, onRequest })).toMatchObject({
      code: 0,
      json: [],
    });
    expect(asked).toEqual(['http://127.0.0.1:8080/v1/templates?limit=100']);

    const stopped = await cli.run(['templates', 'list'], { env: {}, fetch: refused });
    expect(stopped).toMatchObject({ code: 3, stderr: expect.stringContaining('npm start') });
    const elsewhere = await cli.run(['templates', 'list', '--url', 'https://elsewhere.example.com'], {
      env: {},
    });
    expect(elsewhere).toMatchObject({ code: 2, stderr: expect.stringContaining('STREAMKEEP_TOKEN') });
  });

  it('takes the token from a file', async () => {
    await writeFile(join(cli.folder, 'token'), `${cli.api.tokens.read}\n`);
    const args = [
      '--url',
      'http://api.example.com/v1/',
      '--token-file',
      'token',
      'templates',
      'list',
      '--json',
    ];
    expect(await cli.run(args, { env: {} })).toMatchObject({ code: 0, json: [] });
  });
});
