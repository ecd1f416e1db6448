import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endReason } from '../../shared/recordings/end-reason.ts';
import { planWith } from '../../shared/recordings/recording.fixture.ts';
import type { Recording } from '../../shared/schemas/recording.ts';
import type { Encoding } from '../../shared/schemas/transcode.ts';
import { createRecorders } from '../../shared/table/recorders.ts';
import { startApi, type TestApi } from '../../test/support/api.ts';
import { createRecorded } from './recorded.fixture.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());
const { aRecording } = createRecorded(() => api.table);

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
      taskId: null,
      formats: ['hls', 'mp4'],
      content: 'origin',
      contentReason: null,
      encoding: null,
      state: 'completed',
      startedAt: '2026-11-22T10:00:00.000Z',
      endedAt: '2026-11-22T11:00:00.000Z',
      reason: { cause: 'source', code: 'session-ended', text: 'The stream ended.' },
      trouble: null,
      pausedUntil: null,
      media: null,
      progress: null,
      manifest: {
        bucket: 'recordings',
        key: 'two/r3-r3/recording.json',
        url: expect.stringMatching(/^https?:.*recording\.json/),
      },
      thumbnails: null,
      deletion: null,
      expiredAt: null,
    });
    expect((await api.call('GET', '/v1/recordings/none')).status).toBe(404);
    expect((await api.call('GET', '/v1/recordings/none/files')).status).toBe(404);
  });

  it('show what is made of the stream, but not where its images are', async () => {
    const encoding: Encoding = {
      overlays: ['a', 'b'].map((name) => ({
        ...{ key: `watermarks/${name}.png`, sha256: '0'.repeat(64) },
        ...{ xPercent: 80, yPercent: 5, widthPercent: 10, opacityPercent: 100 },
      })),
      video: { codec: 'h264', bitrateKbps: 900, gopSeconds: 2 },
      audioOnly: false,
    };
    const contentReason = 'The watermark wmk_1 has been deleted, so there is none on it.';
    const plan = { ...planWith(), content: 'transcoded', encoding, contentReason } as const;
    await aRecording('r-made', { plan });
    const { json, text } = await api.call('GET', '/v1/recordings/r-made');
    expect(json).toMatchObject({ content: 'transcoded', contentReason });
    expect(json.encoding).toEqual({
      video: { codec: 'h264', bitrateKbps: 900, gopSeconds: 2 },
      audio: null,
      audioOnly: false,
      images: 2,
      standby: false,
    });
    expect(text).not.toContain('watermarks/');
  });

  it.each(['state=lost', 'from=yesterday', 'from=2026-11-21', 'stream=', 'colour=red', 'domain=UPPER'])(
    'are not found by %s',
    async (query) => {
      expect((await api.call('GET', `/v1/recordings?${query}`)).status).toBe(400);
    },
  );

  it('have their task looked at when they are stopped, as no recorder may ever tell of their end', async () => {
    await aRecording('stop5', { taskId: 'tsk_1', stream: 'of-task' });
    const before = api.sent.events.length;
    expect((await api.call('POST', '/v1/recordings/stop5/stop')).status).toBe(202);
    expect(api.sent.events.slice(before)).toMatchObject([
      { type: 'tasks-changed', key: { stream: 'of-task' } },
    ]);
  });

  it('can be stopped by who may write, whoever has them', async () => {
    const recorders = createRecorders(api.table);
    await recorders.register('recorder-1', 20, api.clock);
    await aRecording('stop1', { owner: 'recorder-1' });
    await aRecording('stop2');
    await aRecording('stop3', { owner: 'gone' });
    await aRecording('stop4', { state: 'completed' });
    const stop = (id: string, token = api.tokens.write) =>
      api.call('POST', `/v1/recordings/${id}/stop`, { token });
    expect((await stop('stop1', api.tokens.read)).status).toBe(403);
    expect(await recorders.heartbeat('recorder-1', 1, [], api.clock)).toEqual([]);
    expect(await stop('stop1')).toMatchObject({
      status: 202,
      json: { recordId: 'stop1', state: 'recording' },
    });
    expect(await recorders.heartbeat('recorder-1', 1, [], api.clock)).toEqual([
      { recordId: 'stop1', stop: 'stopped' },
    ]);
    // Nobody has it, nor will anybody; and to one that has ended nothing happens.
    for (const [id, state, code] of [
      ['stop2', 'failed', 'stopped'],
      ['stop3', 'failed', 'stopped'],
      ['stop4', 'completed', undefined],
    ]) {
      expect((await stop(id ?? '')).status).toBe(202);
      const { json } = await api.call('GET', `/v1/recordings/${id}`);
      expect([json.state, json.reason?.code]).toEqual([state, code]);
    }
    expect((await stop('none')).status).toBe(404);
  });
});
