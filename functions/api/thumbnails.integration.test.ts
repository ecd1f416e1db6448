import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { planWith } from '../../shared/recordings/recording.fixture.ts';
import type { Recording } from '../../shared/schemas/recording.ts';
import { createMemoryObjectStore } from '../../shared/storage/memory-object-store.ts';
import { createStreams } from '../../shared/table/streams.ts';
import { cuesKeyOf, latestKeyOf, renderCues, spriteKeyOf } from '../../shared/thumbnails/sprite.ts';
import { startApi, type TestApi } from '../../test/support/api.ts';
import { createRecorded } from './recorded.fixture.ts';

let api: TestApi;
let store: ReturnType<typeof createMemoryObjectStore>;
beforeAll(async () => {
  api = await startApi();
});
beforeEach(() => {
  store = createMemoryObjectStore();
  api.stores.set('recordings', store);
});
afterAll(() => api.close());
const { aRecording } = createRecorded(() => api.table);

const plan = { ...planWith(), thumbnails: { intervalSeconds: 10, width: 320 } };
const linksOf = async (recordId: string) =>
  (await api.call('GET', `/v1/recordings/${recordId}`)).json.thumbnails;
const read = (url: string) => api.call('GET', url.replace('https://api.example.com', ''), { token: null });

describe('Thumbnails', () => {
  it('have links for a recording whose template asks for them, also in the list of streams', async () => {
    const recording = await aRecording('t1', { plan });
    const links = await linksOf('t1');
    expect(links).toEqual({
      latestUrl: `https://bucket.example.com/${latestKeyOf(recording)}?expires=3600&contentType=image%2Fjpeg&downloadName=`,
      cuesUrl: expect.stringContaining('https://api.example.com/v1/recordings/t1/thumbnails.vtt?expires='),
    });
    const { domain, app, stream, sessionId, startedAt } = recording;
    const session = { sessionId, clientId: 'c', live: true, startedAt, recordIds: ['t1'] };
    await createStreams(api.table).replace({ domain, app, stream, ...session }, undefined);
    const { items } = (await api.call('GET', '/v1/streams')).json;
    expect(items[0].recordings[0].thumbnails).toMatchObject({ latestUrl: links.latestUrl });
  });

  it.each<[string, Partial<Recording>]>([
    ['asks for none', { plan: planWith() }],
    ['has no picture', { plan, media: { audioCodec: 'aac' } }],
    ['is of sound alone', { plan: { ...plan, encoding: { overlays: [], audioOnly: true } } }],
    ['has lost its objects', { plan, expiredAt: '2026-12-01T10:00:00.000Z' }],
  ])('have no links when a recording %s', async (name, changes) => {
    const recordId = `t-${name.replaceAll(' ', '-')}`;
    await aRecording(recordId, changes);
    expect(await linksOf(recordId)).toBeNull();
  });

  it('come as WebVTT whose sprites can be loaded, and nothing else in the bucket can', async () => {
    const recording = await aRecording('t2', { plan });
    const { cuesUrl } = await linksOf('t2');
    expect((await read(cuesUrl)).status).toBe(404);
    const sprite = { key: spriteKeyOf(recording, 1, 1), width: 320, height: 180, seconds: [0, 10.5] };
    const forged = '\n00:00:30.000 --> 00:00:40.000\nsecret.jpg#xywh=0,0,1,1\n';
    await store.put(cuesKeyOf(recording), Buffer.from(renderCues([sprite], 10) + forged));
    const url = `https://bucket.example.com/${sprite.key}?expires=3600&contentType=image%2Fjpeg&downloadName=`;
    const answer = await read(cuesUrl);
    expect(answer).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/vtt', 'access-control-allow-origin': '*' },
    });
    expect(answer.text.split('\n')).toEqual([
      'WEBVTT',
      '',
      '00:00:00.000 --> 00:00:10.500',
      `${url}#xywh=0,0,320,180`,
      '',
      '00:00:10.500 --> 00:00:20.500',
      `${url}#xywh=320,0,320,180`,
      '',
    ]);
    expect((await read(cuesUrl.replace('/t2/', '/t1/'))).status).toBe(403);
  });
});
