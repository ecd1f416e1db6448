import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { signLink } from '../../shared/auth/signatures.ts';
import { readSigningKey } from '../../shared/auth/signing-key.ts';
import { parsePlaylist } from '../../shared/hls/parse-playlist.ts';
import { type Playlist, renderPlaylist } from '../../shared/hls/playlist.ts';
import { endReason } from '../../shared/recordings/end-reason.ts';
import { planWith, recordingWith } from '../../shared/recordings/recording.fixture.ts';
import type { Bucket } from '../../shared/schemas/storage.ts';
import { createMemoryObjectStore, storageFault } from '../../shared/storage/memory-object-store.ts';
import type { ObjectStore } from '../../shared/storage/object-store.ts';
import { startApi, type TestApi } from '../../test/support/api.ts';
import { createRecorded } from './recorded.fixture.ts';

let api: TestApi;
const store = createMemoryObjectStore();
beforeAll(async () => {
  api = await startApi();
  api.stores.set('recordings', store);
});
afterAll(() => api.close());
const { aRecording, aFile } = createRecorded(() => api.table);

describe('Files', () => {
  it('have a signed URL as soon as they are ready', async () => {
    await aRecording('f1', { stream: 'a/b' });
    await aFile('f1', {});
    const { reason, url, ...shown } = (await api.call('GET', '/v1/recordings/f1/files')).json.items[0];
    expect(shown).toEqual({
      fileId: '0001-mp4-0001',
      format: 'mp4',
      bucket: 'recordings',
      region: 'eu-central-1',
      key: 'live/a%2Fb.mp4',
      state: 'ready',
      location: 'primary',
      sizeBytes: 1000,
      durationSeconds: 12.5,
      startedAt: '2026-11-22T10:00:00.000Z',
      locatedAt: '2026-11-22T10:00:00.000Z',
      readyAt: '2026-11-22T10:00:14.000Z',
    });
    expect(reason).toBeNull();
    const { pathname, searchParams } = new URL(url);
    expect(pathname).toBe('/live/a%252Fb.mp4');
    expect(Object.fromEntries(searchParams)).toEqual({
      expires: '3600',
      contentType: 'video/mp4',
      downloadName: 'a_b 2026-11-22 10-00-00.mp4',
    });
  });

  it.each(['spool', 'backup'] as const)('in the %s are signed for as that is reached', async (location) => {
    const asked: Bucket[] = [];
    const other = await startApi({
      of: (bucket) => {
        asked.push(bucket);
        return store;
      },
      open: () => store,
    });
    onTestFinished(() => other.close());
    const recorded = createRecorded(() => other.table);
    const credentials = { type: 'role', roleArn: 'arn:aws:iam::123456789012:role/recordings' } as const;
    const { plan } = recordingWith(0);
    const backup = { bucket: 'second', region: 'us-east-1', endpoint: 'https://s3.example.com' };
    await recorded.aRecording('f3', { plan: { ...plan, storage: { ...plan.storage, credentials }, backup } });
    await recorded.aFile('f3', { location, bucket: location === 'spool' ? 'spool' : 'second' });
    const { json } = await other.call('GET', '/v1/recordings/f3/files');
    expect(json.items[0].url).toContain('https://');
    expect(asked).toEqual([location === 'spool' ? { bucket: 'spool', region: 'eu-west-3' } : backup]);
  });

  it('that are away say where they are, since when, and why', async () => {
    await aRecording('f6');
    const reason = endReason('storage-denied', 'PutObject: AccessDenied (bucket recordings)');
    const [since, locatedAt] = ['2026-11-22T10:01:00.000Z', '2026-11-22T10:02:00.000Z'];
    const away = { places: ['spool' as const], since, dueAt: since, failures: 3, reason };
    const inSpool = { location: 'spool', bucket: 'spool', key: 'f6/a.mp4', locatedAt, away } as const;
    await aFile('f6', { fileId: 'a', ...inSpool });
    await aFile('f6', { fileId: 'b', state: 'waiting', away });
    const { json, text } = await api.call('GET', '/v1/recordings/f6/files');
    expect(json.items).toMatchObject([
      { location: 'spool', bucket: 'spool', key: 'f6/a.mp4', region: null, locatedAt, reason },
      { location: 'primary', state: 'waiting', url: null, reason },
    ]);
    expect(json.items[0].url).toContain('https://');
    expect(text).not.toContain('failures');
  });

  it('are all listed when one storage does not let itself be signed for', async () => {
    const denied = createMemoryObjectStore();
    denied.presign = () => Promise.reject(storageFault('denied', 'AssumeRole', 'AccessDenied'));
    api.stores.set('denied', denied);
    await aRecording('f7', { plan: { ...planWith(), backup: { bucket: 'denied', region: 'eu-west-1' } } });
    await aFile('f7', { fileId: 'a', location: 'backup', bucket: 'denied' });
    await aFile('f7', { fileId: 'b' });
    const { status, json } = await api.call('GET', '/v1/recordings/f7/files');
    expect(status).toBe(200);
    expect(json.items).toMatchObject([
      { url: null, reason: { code: 'storage-denied', text: expect.stringContaining('AssumeRole') } },
      { url: expect.stringMatching(/^https:/), reason: null },
    ]);
  });

  it('are listed page by page', async () => {
    await aRecording('f4');
    for (const fileId of ['a', 'b', 'c']) await aFile('f4', { fileId });
    const first = (await api.call('GET', '/v1/recordings/f4/files?limit=2')).json;
    expect(first.items).toMatchObject([{ fileId: 'a' }, { fileId: 'b' }]);
    const path = `/v1/recordings/f4/files?cursor=${first.cursor}`;
    expect((await api.call('GET', path)).json).toMatchObject({ items: [{ fileId: 'c' }], cursor: null });
    expect((await api.call('GET', path.replace('f4', 'f2'))).status).toBe(404);
    await aRecording('f5');
    expect((await api.call('GET', path.replace('f4', 'f5'))).status).toBe(400);
  });

  it('have none while there is nothing to play', async () => {
    await aRecording('f2');
    const journal = { initialHead: 'head', heldKey: 'held', tailKey: 'tail' };
    await aFile('f2', { fileId: 'a', state: 'recording', journal });
    await aFile('f2', { fileId: 'b', state: 'failed', reason: endReason('storage-denied') });
    await aFile('f2', { fileId: 'c', format: 'hls', key: 'x.m3u8', state: 'failed' });
    await aFile('f2', { fileId: 'd', format: 'hls', key: 'y.m3u8', state: 'expired' });
    await aFile('f2', { fileId: 'e', state: 'expired' });
    const { json, text } = await api.call('GET', '/v1/recordings/f2/files');
    expect(json.items).toMatchObject([
      { fileId: 'a', url: null },
      { fileId: 'b', url: null, reason: { cause: 'storage' } },
      { fileId: 'c', url: null },
      { fileId: 'd', url: null, state: 'expired' },
      { fileId: 'e', url: null },
    ]);
    expect(text).not.toContain('held');
  });
});

describe('An HLS file', () => {
  const playlist: Playlist = {
    targetDuration: 10,
    segments: [
      { uri: 'a%252Fb/000000.ts', durationSeconds: 10 },
      { uri: 'a%252Fb/000001.ts', durationSeconds: 4.2, discontinuity: true },
    ],
    ended: false,
  };
  const anHlsFile = async (recordId: string) => {
    await aRecording(recordId);
    await aFile(recordId, { fileId: 'hls-1', format: 'hls', key: 'live/a%2Fb.m3u8', state: 'recording' });
    await store.put('live/a%2Fb.m3u8', Buffer.from(renderPlaylist(playlist)));
    const { json } = await api.call('GET', `/v1/recordings/${recordId}/files`);
    const url = new URL(json.items[0].url);
    return { url, path: `${url.pathname}${url.search}` };
  };
  const play = (path: string) => api.call('GET', path, { token: null });

  it('has a link that plays it without a token while it is recorded', async () => {
    const { url, path } = await anHlsFile('h1');
    expect(url.origin).toBe('https://api.example.com');
    const answer = await play(path);
    expect(answer).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/vnd.apple.mpegurl', 'access-control-allow-origin': '*' },
    });
    const uri = (name: string) =>
      `https://bucket.example.com/live/a%252Fb/${name}?expires=3600&contentType=video%2Fmp2t&downloadName=`;
    expect(parsePlaylist(answer.text)).toEqual({
      ...playlist,
      segments: [
        { ...playlist.segments[0], uri: uri('000000.ts') },
        { ...playlist.segments[1], uri: uri('000001.ts') },
      ],
    });
  });

  it('is zipped for players that take it so', async () => {
    const { path } = await anHlsFile('h1z');
    const plain = await play(path);
    expect(plain.headers).not.toHaveProperty('content-encoding');
    for (const accepted of ['gzip, deflate, br', 'identity, gzip;q=0.5']) {
      const answer = await api.call('GET', path, { token: null, headers: { 'accept-encoding': accepted } });
      expect(answer.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' });
      expect(gunzipSync(Buffer.from(answer.text, 'base64')).toString()).toBe(plain.text);
    }
    for (const refused of ['gzip;q=0', 'gzip;q=0.0, br', 'xgzip']) {
      const answer = await api.call('GET', path, { token: null, headers: { 'accept-encoding': refused } });
      expect(answer.text).toBe(plain.text);
    }
  });

  describe('that is away', () => {
    const anAwayFile = async (recordId: string) => {
      const spool = createMemoryObjectStore();
      api.stores.set('spool', spool);
      await aRecording(recordId);
      const at = '2026-11-22T10:01:00.000Z';
      const away = {
        places: ['spool' as const],
        since: at,
        dueAt: at,
        failures: 0,
        reason: endReason('storage-failed'),
      };
      await aFile(recordId, {
        fileId: 'hls-1',
        format: 'hls',
        key: `${recordId}.m3u8`,
        state: 'ready',
        away,
      });
      const segmentAt = (name: string, folder: string) => ({ uri: `${folder}/${name}`, durationSeconds: 10 });
      const write = (where: ObjectStore, key: string, folder: string, names: string[]) => {
        const segments = names.map((name) => segmentAt(name, folder));
        const text = renderPlaylist({ targetDuration: 10, segments, ended: false });
        return where.put(key, Buffer.from(text));
      };
      await write(store, `${recordId}.m3u8`, recordId, [
        '0001-000001.ts',
        '0001-000003.ts',
        '0002-000001.ts',
      ]);
      await write(spool, `${recordId}/hls-1.m3u8`, 'hls-1', ['0001-000002.ts', '0001-000003.ts']);
      const { json } = await api.call('GET', `/v1/recordings/${recordId}/files`);
      const { pathname, search } = new URL(json.items[0].url);
      const segments = (text: string) =>
        parsePlaylist(text)?.segments.map(({ uri }) => new URL(uri).pathname.slice(1));
      return { spool, path: `${pathname}${search}`, segments };
    };

    it('plays every segment once, in order, from where it is', async () => {
      const { path, segments } = await anAwayFile('m1');
      const { status, text } = await play(path);
      expect(status).toBe(200);
      expect(segments(text)).toEqual([
        'm1/0001-000001.ts',
        'm1/hls-1/0001-000002.ts',
        'm1/0001-000003.ts',
        'm1/0002-000001.ts',
      ]);
      expect(parsePlaylist(text)?.ended).toBe(true);
    });

    it('plays what there is when a storage does not answer, and says so when none does', async () => {
      const { path, segments, spool } = await anAwayFile('m2');
      onTestFinished(() => {
        store.before = undefined;
      });
      store.before = () => Promise.reject(storageFault('unavailable', 'GetObject'));
      expect(segments((await play(path)).text)).toEqual([
        'm2/hls-1/0001-000002.ts',
        'm2/hls-1/0001-000003.ts',
      ]);
      spool.before = store.before;
      expect((await play(path)).status).toBe(502);
    });

    it('waits no longer for a storage than a player does', async () => {
      const { path, segments } = await anAwayFile('m3');
      onTestFinished(() => {
        store.before = undefined;
      });
      store.before = () => new Promise(() => undefined);
      expect(segments((await play(path)).text)).toEqual([
        'm3/hls-1/0001-000002.ts',
        'm3/hls-1/0001-000003.ts',
      ]);
    });
  });

  it('has a link that ends after an hour', async () => {
    const { path } = await anHlsFile('h2');
    const start = api.clock;
    api.clock = new Date(start.getTime() + 3_599_000);
    expect((await play(path)).status).toBe(200);
    api.clock = new Date(start.getTime() + 3_600_000);
    expect((await play(path)).status).toBe(403);
    api.clock = start;
  });

  it('has a link that is good for this file alone', async () => {
    const { url, path } = await anHlsFile('h3');
    await anHlsFile('h4');
    const expires = Number(url.searchParams.get('expires'));
    const elsewhere = signLink('another key', { recordId: 'h3', fileId: 'hls-1', expires });
    for (const forged of [
      path.replace('/h3/', '/h4/'),
      path.replace('hls-1', 'hls-2'),
      path.replace(String(expires), String(expires + 1)),
      path.replace(/signature=.*/, `signature=${elsewhere}`),
      path.replace(/signature=.*/, 'signature=x'),
    ]) {
      expect(await play(forged)).toMatchObject({
        status: 403,
        json: { type: 'urn:streamkeep:problem:invalid-signature' },
      });
    }
    expect((await play(url.pathname)).status).toBe(400);
    expect((await play(`${path}&expires=1`)).status).toBe(400);
  });

  it('signs nothing outside its own folder', async () => {
    const { path } = await anHlsFile('h5');
    for (const uri of ['../../secret.ts', '/secret.ts', 'other/secret.ts', 'https://evil.example.com/a.ts']) {
      const forged = { ...playlist, segments: [{ uri, durationSeconds: 1 }] };
      await store.put('live/a%2Fb.m3u8', Buffer.from(renderPlaylist(forged)));
      const answer = await play(path);
      expect(answer).toMatchObject({
        status: 502,
        json: { type: 'urn:streamkeep:problem:playlist-damaged' },
      });
      expect(answer.text).not.toContain('secret');
    }
  });

  it('says so when its playlist is not there yet, cannot be read, or the storage fails', async () => {
    const { path } = await anHlsFile('h6');
    await store.put('live/a%2Fb.m3u8', Buffer.from('<html>'));
    expect((await play(path)).status).toBe(502);
    await store.delete('live/a%2Fb.m3u8');
    expect((await play(path)).status).toBe(404);
    const denied = createMemoryObjectStore(['GetObject']);
    api.stores.set('denied', denied);
    await aRecording('h7', { plan: { ...planWith(), storage: { bucket: 'denied', region: 'eu-west-1' } } });
    const key = 'x.m3u8';
    const { fileId } = await aFile('h7', {
      fileId: 'hls-1',
      format: 'hls',
      bucket: 'denied',
      key,
      state: 'ready',
    });
    const expires = Math.floor(api.clock.getTime() / 1000) + 10;
    const signature = signLink(await readSigningKey(api.table), { recordId: 'h7', fileId, expires });
    const query = `expires=${expires}&signature=${signature}`;
    expect(await play(`/v1/recordings/h7/files/hls-1/playlist.m3u8?${query}`)).toMatchObject({
      status: 502,
      json: {
        type: 'urn:streamkeep:problem:storage-failed',
        title: 'The storage did not answer as it should.',
      },
    });
  });

  it('does not build its link from a forged host', async () => {
    await anHlsFile('h8');
    const headers = { host: 'evil.example.com', 'x-forwarded-host': 'evil.example.com' };
    const { text } = await api.call('GET', '/v1/recordings/h8/files', { headers });
    expect(text).toContain('https://api.example.com/v1/recordings/h8/files/hls-1/playlist.m3u8?expires=');
    expect(text).not.toContain('evil');
  });
});
