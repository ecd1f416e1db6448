import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signLink } from '../../shared/auth/signatures.ts';
import { readSigningKey } from '../../shared/auth/signing-key.ts';
import { parsePlaylist } from '../../shared/hls/parse-playlist.ts';
import { type Playlist, renderPlaylist } from '../../shared/hls/playlist.ts';
import { endReason } from '../../shared/recordings/end-reason.ts';
import type { Recording, RecordingFile } from '../../shared/schemas/recording.ts';
import { createFiles } from '../../shared/table/files.ts';
import { createRecorders } from '../../shared/table/recorders.ts';
import { createRecordings } from '../../shared/table/recordings.ts';
import { createStreams } from '../../shared/table/streams.ts';
import { startApi, type TestApi } from '../../test/support/api.ts';
import { createMemoryStore } from '../../test/support/memory-store.ts';

let api: TestApi;
const store = createMemoryStore();
beforeAll(async () => {
  api = await startApi();
  api.stores.set('recordings', store);
});
afterAll(() => api.close());

const aRecording = async (recordId: string, change: Partial<Recording> = {}): Promise<Recording> => {
  const recording: Recording = {
    recordId,
    domain: 'push.example.com',
    app: 'live',
    stream: 'show',
    sessionId: 'session-1',
    plan: {
      templateId: 'tpl_1',
      content: 'origin',
      timeZone: 'UTC',
      formats: { hls: { segmentSeconds: 10, resumptionTimeout: 0 }, mp4: { maxMinutes: 30 } },
      path: '{RandomID}',
      sourceUrl: 'rtmp://me:hunter2@origin.example.com/{app}/{stream}',
      storage: { bucket: 'recordings', region: 'eu-central-1' },
    },
    state: 'recording',
    startedAt: '2026-11-22T10:00:00.000Z',
    epoch: 1,
    captures: 1,
    revision: 1,
    ...change,
  };
  await createRecordings(api.table).create(recording);
  return recording;
};

const aFile = async (recordId: string, change: Partial<RecordingFile>): Promise<RecordingFile> => {
  const file: RecordingFile = {
    recordId,
    fileId: '0001-mp4-0001',
    format: 'mp4',
    bucket: 'recordings',
    key: 'live/a%2Fb.mp4',
    state: 'ready',
    location: 'primary',
    sizeBytes: 1000,
    durationSeconds: 12.5,
    startedAt: '2026-11-22T10:00:00.000Z',
    readyAt: '2026-11-22T10:00:14.000Z',
    epoch: 1,
    ...change,
  };
  await createFiles(api.table).open(file);
  return file;
};

describe('Recordings', () => {
  it('are listed newest first and found by what they are', async () => {
    await aRecording('r1', { stream: 'one', startedAt: '2026-11-20T10:00:00.000Z' });
    await aRecording('r2', { stream: 'one', startedAt: '2026-11-21T10:00:00.000Z', app: 'other' });
    await aRecording('r3', {
      stream: 'two',
      state: 'completed',
      endedAt: '2026-11-22T11:00:00.000Z',
      reason: endReason('session-ended'),
    });
    const ids = async (query: string) =>
      (await api.call('GET', `/v1/recordings?${query}`)).json.items.map(
        ({ recordId }: Recording) => recordId,
      );
    expect(await ids('')).toEqual(['r3', 'r2', 'r1']);
    expect(await ids('stream=one')).toEqual(['r2', 'r1']);
    expect(await ids('stream=one&app=live')).toEqual(['r1']);
    expect(await ids('state=completed')).toEqual(['r3']);
    expect(await ids('domain=none.example.com')).toEqual([]);
    expect(await ids('from=2026-11-21T00:00:00Z&to=2026-11-21T23:00:00Z')).toEqual(['r2']);
    expect(await ids('from=2026-11-21T12:00:00%2B02:00')).toEqual(['r3', 'r2']);
    expect(await ids('to=2026-11-20T10:00:00Z')).toEqual(['r1']);

    const first = await api.call('GET', '/v1/recordings?limit=2');
    const rest = await api.call('GET', `/v1/recordings?limit=2&cursor=${first.json.cursor}`);
    expect(rest.json).toMatchObject({ items: [{ recordId: 'r1' }], cursor: null });
    const elsewhere = await api.call('GET', `/v1/recordings?stream=one&cursor=${first.json.cursor}`);
    expect(elsewhere.status).toBe(400);
  });

  it('show what others script against, and nothing of how they are made', async () => {
    const answer = await api.call('GET', '/v1/recordings/r3');
    expect(answer.json).toEqual({
      recordId: 'r3',
      domain: 'push.example.com',
      app: 'live',
      stream: 'two',
      sessionId: 'session-1',
      templateId: 'tpl_1',
      formats: ['hls', 'mp4'],
      state: 'completed',
      startedAt: '2026-11-22T10:00:00.000Z',
      endedAt: '2026-11-22T11:00:00.000Z',
      reason: { cause: 'source', code: 'session-ended', text: 'The stream ended.' },
      pausedUntil: null,
      media: null,
    });
    expect((await api.call('GET', '/v1/recordings/none')).status).toBe(404);
    expect((await api.call('GET', '/v1/recordings/none/files')).status).toBe(404);
  });

  it.each(['state=lost', 'from=yesterday', 'from=2026-11-21', 'stream=', 'colour=red', 'domain=UPPER'])(
    'are not found by %s',
    async (query) => {
      expect((await api.call('GET', `/v1/recordings?${query}`)).status).toBe(400);
    },
  );

  it('can be stopped by who may write, when a recorder has them', async () => {
    const recorders = createRecorders(api.table);
    await recorders.register('recorder-1', 20, api.clock);
    await aRecording('stop1', { owner: 'recorder-1' });
    await aRecording('stop2');
    await aRecording('stop3', { owner: 'gone' });
    await aRecording('stop4', { state: 'completed' });
    const stop = (id: string, token = api.tokens.write) =>
      api.call('POST', `/v1/recordings/${id}/stop`, { token });
    expect((await stop('stop1', api.tokens.read)).status).toBe(403);
    expect(await recorders.heartbeat('recorder-1', 1, [], api.clock)).toEqual({});
    expect(await stop('stop1')).toMatchObject({
      status: 202,
      json: { recordId: 'stop1', state: 'recording' },
    });
    expect(await recorders.heartbeat('recorder-1', 1, [], api.clock)).toEqual({ stop1: { stop: 'stopped' } });
    for (const id of ['stop2', 'stop3', 'stop4']) {
      expect(await stop(id)).toMatchObject({
        status: 409,
        json: { type: 'urn:streamkeep:problem:not-stoppable' },
      });
    }
    expect((await stop('none')).status).toBe(404);
  });
});

describe('Files', () => {
  it('have a signed URL as soon as they are ready', async () => {
    await aRecording('f1', { stream: 'a/b' });
    await aFile('f1', {});
    const { reason, url, ...shown } = (await api.call('GET', '/v1/recordings/f1/files')).json.items[0];
    expect(shown).toEqual({
      fileId: '0001-mp4-0001',
      format: 'mp4',
      bucket: 'recordings',
      key: 'live/a%2Fb.mp4',
      state: 'ready',
      location: 'primary',
      sizeBytes: 1000,
      durationSeconds: 12.5,
      startedAt: '2026-11-22T10:00:00.000Z',
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

  it('have none while there is nothing to play', async () => {
    await aRecording('f2');
    const journal = { initialHead: 'head', heldKey: 'held', tailKey: 'tail' };
    await aFile('f2', { fileId: 'a', state: 'recording', journal });
    await aFile('f2', { fileId: 'b', state: 'failed', reason: endReason('storage-denied') });
    await aFile('f2', { fileId: 'c', format: 'hls', key: 'x.m3u8', state: 'failed' });
    const { json, text } = await api.call('GET', '/v1/recordings/f2/files');
    expect(json.items).toMatchObject([
      { fileId: 'a', url: null },
      { fileId: 'b', url: null, reason: { cause: 'storage' } },
      { fileId: 'c', url: null },
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
    const denied = createMemoryStore(['GetObject']);
    api.stores.set('denied', denied);
    await aRecording('h7');
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

describe('Streams', () => {
  it('are listed with why they are not recorded', async () => {
    const streams = createStreams(api.table);
    const live = { domain: 'push.example.com', app: 'live', live: true, recordIds: [], clientId: 'client-9' };
    for (const [index, stream] of ['a', 'b', 'c'].entries()) {
      const startedAt = `2026-11-22T10:00:0${index}.000Z`;
      await streams.replace({ ...live, stream, sessionId: `s${index}`, startedAt }, undefined);
    }
    const ended = {
      ...live,
      live: false,
      stream: 'd',
      app: 'other',
      sessionId: 's3',
      notRecorded: 'No rule.',
    };
    const startedAt = '2026-11-22T09:00:00.000Z';
    await streams.replace({ ...ended, startedAt, endedAt: '2026-11-22T09:30:00.000Z' }, undefined);

    const found = async (query: string) => (await api.call('GET', `/v1/streams?${query}`)).json;
    const names = async (query: string) =>
      (await found(query)).items.map(({ stream }: { stream: string }) => stream);
    expect(await names('')).toEqual(['c', 'b', 'a']);
    expect(await names('stream=b')).toEqual(['b']);
    expect(await names('app=other')).toEqual([]);
    expect(await names('live=false&app=other')).toEqual(['d']);
    expect(await names('domain=push.example.com&app=live&stream=a')).toEqual(['a']);
    expect(await names('domain=push.example.com&app=live&stream=a&live=false')).toEqual([]);
    expect(await names('domain=push.example.com&app=live&stream=none')).toEqual([]);
    const first = await found('limit=2');
    expect(await found(`limit=2&cursor=${first.cursor}`)).toMatchObject({
      items: [{ stream: 'a' }],
      cursor: null,
    });
    expect((await found('live=false')).items).toEqual([
      {
        domain: 'push.example.com',
        app: 'other',
        stream: 'd',
        sessionId: 's3',
        live: false,
        startedAt,
        endedAt: '2026-11-22T09:30:00.000Z',
        recordIds: [],
        notRecorded: 'No rule.',
      },
    ]);
  });

  it.each(['live=maybe', 'app=', 'stream=%00', 'colour=red', 'cursor=nonsense'])(
    'are not found by %s',
    async (query) => {
      expect((await api.call('GET', `/v1/streams?${query}`)).status).toBe(400);
    },
  );
});
