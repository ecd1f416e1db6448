import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { dataOf } from '../../client/index.ts';
import { bind, makeDomain, makeTemplate } from '../support/configure.ts';
import { readFlv, SCRIPT } from '../support/flv-file.ts';
import { send } from '../support/http.ts';
import { useLocalRun } from '../support/local-run.ts';
import { makeSource, videoFrames } from '../support/media.ts';
import { freePort, type NginxRtmp, startNginxRtmp } from '../support/nginx-rtmp.ts';
import { publish } from '../support/publisher.ts';
import { endedRecording, eventually, recordingsOf, streamsOf } from '../support/recorded.ts';
import { publishRtmp } from '../support/rtmp-publisher.ts';

const DOMAIN = 'attacked.example.com';

const run = useLocalRun();
let nginx: NginxRtmp;
let secret: string;
let templateId: string;

beforeAll(async () => {
  const port = await freePort();
  const source = { url: `rtmp://127.0.0.1:${port}/{app}/{stream}` };
  secret = await makeDomain(run.api, { domain: DOMAIN, adapter: 'nginx-rtmp', source });
  nginx = await startNginxRtmp(join(run.folder, 'nginx'), port, {
    publish: `${run.apiUrl}/v1/ingest/nginx-rtmp/${DOMAIN}?secret=${secret}`,
  });
  run.onEnd(() => nginx.stop());
  templateId = await makeTemplate(run.api, 'attacked', { hls: { segmentSeconds: 2 }, mp4: {}, flv: {} });
});

const call = (method: string, path: string, body?: unknown) =>
  send(method, `${run.apiUrl}${path}`, { token: run.adminToken, body });

/** A callback of nginx-rtmp. */
const callback = (type: 'publish' | 'publish_done', name: string, { domain = DOMAIN, given = secret } = {}) =>
  send('POST', `${run.apiUrl}/v1/ingest/nginx-rtmp/${domain}?secret=${given}`, {
    form: {
      call: type,
      app: 'live',
      name,
      addr: '203.0.113.7',
      clientid: '1',
      flashver: '',
      swfurl: '',
      tcurl: '',
    },
  });

const everyStream = async (): Promise<string[]> => {
  const pages = (['true', 'false'] as const).map((live) =>
    dataOf(run.api.GET('/v1/streams', { params: { query: { live } } })),
  );
  return (await Promise.all(pages)).flatMap(({ items }) => items.map(({ stream }) => stream));
};

const namesOf = async (path: '/v1/templates' | '/v1/storages'): Promise<string[]> =>
  (await dataOf(run.api.GET(path))).items.map(({ name }) => name);

describe('The API', () => {
  it.each([['wrong'], [undefined]])('refuses the token %s', async (token) => {
    const answer = await send('GET', `${run.apiUrl}/v1/recordings`, token === undefined ? {} : { token });
    expect(answer.problem()).toMatchObject({ status: 401, title: expect.stringMatching(/token/i) });
    expect(answer.text).not.toContain(run.adminToken);
  });

  it('names every field that is unknown or out of range, with what is allowed, and makes nothing', async () => {
    const answer = await call('POST', '/v1/templates', {
      name: 'half',
      formats: { mp4: { maxMinutes: 721, quality: 1 }, hls: { segmentSeconds: 1 } },
      storage: { primary: 'none' },
    });
    expect(answer.status).toBe(400);
    const errors = Object.fromEntries(answer.problem().errors.map(({ field, message }) => [field, message]));
    expect(errors).toMatchObject({
      'formats.mp4.maxMinutes': expect.stringContaining('720'),
      'formats.mp4.quality': expect.any(String),
      'formats.hls.segmentSeconds': expect.stringContaining('2'),
    });
    expect(await namesOf('/v1/templates')).not.toContain('half');
  });

  it('refuses a storage that cannot be written, and says why', async () => {
    const missing = { name: 'missing', bucket: 'there-is-none', region: 'us-east-1', forcePathStyle: true };
    const [noBucket, noServer] = [
      await call('POST', '/v1/storages', missing),
      await call('POST', '/v1/storages', { ...missing, endpoint: 'http://127.0.0.1:1' }),
    ];
    expect(noBucket.problem()).toMatchObject({
      status: 422,
      errors: [{ field: 'bucket', given: 'there-is-none' }],
    });
    expect(noServer.problem()).toMatchObject({ status: 422, errors: [{ field: 'endpoint' }] });
    expect(await namesOf('/v1/storages')).not.toContain('missing');
  });

  it.each(['file:///etc/passwd?{stream}', 'udp://127.0.0.1:9/{stream}', 'concat:rtmp://a/{stream}'])(
    'refuses the source %s, and names the schemes that are allowed',
    async (url) => {
      const domain = { domain: 'bad.example.com', adapter: 'nginx-rtmp', source: { url } };
      const answer = await call('POST', '/v1/domains', domain);
      expect(answer.problem()).toMatchObject({
        status: 400,
        errors: [{ field: 'source.url', message: expect.stringContaining('rtmp://') }],
      });
      expect((await call('GET', '/v1/domains/bad.example.com')).status).toBe(404);
    },
  );
});

describe('A callback', () => {
  it('for a domain that is not configured is refused', async () => {
    const answer = await callback('publish', 'lost', { domain: 'unknown.example.com' });
    expect(answer.problem()).toMatchObject({
      status: 401,
      errors: [{ field: 'secret' }, { field: 'domain' }],
    });
    expect(await everyStream()).not.toContain('lost');
  });

  it('with a wrong secret is refused, and begins nothing', async () => {
    const answer = await callback('publish', 'forged', { given: 'wrong-secret-of-it' });
    expect(answer.problem()).toMatchObject({ status: 401, errors: [{ field: 'secret' }, {}] });
    expect(answer.text).not.toContain(secret);
    expect(await everyStream()).not.toContain('forged');
  });

  it.each([
    ['control characters', 'a\u0000b\u001b[2J'],
    ['2 KB of UTF-8', '流'.repeat(700)],
    ['no characters', ''],
  ])('with a stream name of %s is let in without a recording, and names the field', async (_, name) => {
    const answer = await callback('publish', name);
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toMatchObject({ outcome: 'unrecorded', errors: [{ field: 'name' }] });
    expect(await everyStream()).not.toContain(name);
  });

  it('without a matching rule is accepted, and the stream is listed as not recorded with the reason', async () => {
    expect((await callback('publish', 'unbound')).status).toBe(200);
    const stream = await eventually('it is listed', async () => {
      const [found] = await streamsOf(run.api, 'unbound', true);
      return found;
    });
    expect(stream).toMatchObject({ recordIds: [], notRecorded: expect.stringContaining('rule') });
    expect(await recordingsOf(run.api, 'unbound')).toEqual([]);
    await callback('publish_done', 'unbound');
  });

  it.each([
    'rtmp://169.254.169.254/{app}/{stream}',
    'http://169.254.169.254/latest/meta-data/{stream}',
    'http://2852039166/{stream}',
    'rtmp://[::ffff:a9fe:a9fe]/{app}/{stream}',
  ])('never makes a recorder connect to %s', async (url) => {
    const domain = `metadata-${Buffer.from(url).toString('hex').slice(-40)}.example.com`;
    const made = await call('POST', '/v1/domains', { domain, adapter: 'nginx-rtmp', source: { url } });
    // Refused at once is as well.
    if (made.status === 400) return;
    const own = z.object({ secret: z.string() }).parse(JSON.parse(made.text)).secret;
    await bind(run.api, { domain, templateId });
    const stream = `inside-${domain}`.slice(0, 60);
    expect((await callback('publish', stream, { domain, given: own })).status).toBe(200);
    const { recording, files } = await endedRecording(run.api, stream);
    expect(recording).toMatchObject({ state: 'failed', reason: { code: 'source-refused' } });
    expect(files).toEqual([]);
    await callback('publish_done', stream, { domain, given: own });
  });
});

// node-media-server lets no such names in; nginx-rtmp hands on whatever a publisher says.
describe.concurrent('A push', () => {
  it.each([
    ['../../escape', 1],
    ['..', 2],
    ['a/../b', 3],
    ['%2e%2e/%00', 4],
    ['名前 "1"', 5],
  ])('of the name %s is recorded under a key that stays in its place', async (name, number) => {
    await bind(run.api, { domain: DOMAIN, app: 'live', stream: name, templateId });
    const tags = await readFlv(await makeSource(run.folder, `named-${number}`, { seconds: 5 }));
    const publisher = await publishRtmp(nginx.url, 'live', name);
    await publisher.send(tags.filter(({ type }) => type !== SCRIPT));
    await publisher.close();
    const { recording, files } = await endedRecording(run.api, name);
    expect(recording.state).toBe('completed');
    expect(files).toHaveLength(3);
    for (const { key, url } of files) {
      // As many folders as the template's path has.
      expect(key.split('/')).toHaveLength(6);
      expect(key.split('/')).not.toContain('..');
      expect((await videoFrames(url ?? '')).length).toBeGreaterThan(0);
    }
  });

  it('of a name with control characters is let in all the same, and nothing is listed', async () => {
    const name = 'bell\u0007';
    const publisher = await publishRtmp(nginx.url, 'live', name);
    await publisher.close();
    expect(await everyStream()).not.toContain(name);
  });

  it('is not disturbed by what is refused beside it', async () => {
    const source = await makeSource(run.folder, 'undisturbed', { seconds: 5 });
    const publisher = publish(source, `${run.rtmpUrl}/live/undisturbed`);
    await eventually('it is recorded', async () => (await recordingsOf(run.api, 'undisturbed'))[0]);
    const forged = await send('POST', `${run.apiUrl}/v1/ingest/node-media-server/localhost?secret=guess`, {
      body: { action: 'donePublish', id: '1', app: 'live', name: 'undisturbed' },
    });
    expect(forged.status).toBe(401);
    await publisher.ended;
    const { recording, files } = await endedRecording(run.api, 'undisturbed');
    expect(recording.state).toBe('completed');
    const mp4 = files.find(({ format }) => format === 'mp4');
    expect(await videoFrames(mp4?.url ?? '')).toEqual(await videoFrames(source));
  });
});
