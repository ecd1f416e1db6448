import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStreams } from '../../shared/table/streams.ts';
import { startApi, type TestApi } from '../../test/support/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

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
        recordings: [],
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
