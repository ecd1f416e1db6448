import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Progress } from '../../shared/schemas/recording.ts';
import type { Stream } from '../../shared/schemas/stream.ts';
import { createRecorders } from '../../shared/table/recorders.ts';
import { createRecordings } from '../../shared/table/recordings.ts';
import { createStreams } from '../../shared/table/streams.ts';
import { startApi, type TestApi } from '../../test/support/api.ts';
import { recordingWith } from '../common/world.fixture.ts';

let api: TestApi;
/** Requests to the table since the last look. */
let requests: string[] = [];

const aStream = async (stream: string, recordIds: string[]): Promise<void> => {
  const session: Stream = {
    ...{ domain: 'push.example.com', app: 'live', stream },
    ...{
      sessionId: `ses_${stream}`,
      clientId: 'a',
      live: true,
      startedAt: api.clock.toISOString(),
      recordIds,
    },
  };
  await createStreams(api.table).replace(session, undefined);
};

beforeAll(async () => {
  api = await startApi();
  const [recordings, recorders] = [createRecordings(api.table), createRecorders(api.table)];
  await recordings.create(
    recordingWith({
      ...{ recordId: 'rec_run', stream: 'one', owner: 'rcd_1', taskId: 'tsk_1' },
      media: { videoCodec: 'h264', width: 1280, height: 720, framesPerSecond: 25 },
    }),
  );
  await recordings.create(recordingWith({ recordId: 'rec_audio', stream: 'two', owner: 'rcd_2' }));
  await recordings.create(recordingWith({ recordId: 'rec_unowned', stream: 'two' }));
  await recordings.create(
    recordingWith({ recordId: 'rec_done', stream: 'two', state: 'completed', owner: 'rcd_1' }),
  );
  const progress = {
    receivedBytes: 5e9,
    durationSeconds: 3600.5,
    bitsPerSecond: 4e6,
    location: 'primary' as const,
  };
  const lastKeyFrameAt = new Date(api.clock.getTime() - 1500).toISOString();
  await recorders.report(
    'rcd_1',
    new Map<string, Omit<Progress, 'at'>>([
      ['rec_run', { ...progress, lastKeyFrameAt }],
      ['rec_done', progress],
    ]),
    api.clock,
  );
  await recorders.report(
    'rcd_2',
    new Map([['rec_audio', { ...progress, location: 'backup' as const }]]),
    api.clock,
  );
  await aStream('one', ['rec_run']);
  await aStream('two', ['rec_audio', 'rec_unowned', 'rec_done', 'rec_deleted']);
  await aStream('three', []);
  const { client } = api.table;
  client.middlewareStack.add(
    (next, context) => (args) => {
      requests.push(String(context.commandName));
      return next(args);
    },
    { step: 'initialize' },
  );
});
afterAll(() => api.close());

const RUNNING = {
  at: '2026-11-22T12:00:00.000Z',
  receivedBytes: 5e9,
  durationSeconds: 3600.5,
  bitsPerSecond: 4e6,
  lastKeyFrameAgeSeconds: 1.5,
  location: 'primary',
};
const get = async (path: string) => {
  requests = [];
  return (await api.call('GET', path)).json;
};

describe('Progress', () => {
  it('is shown with each stream that is live, in a fixed number of reads', async () => {
    const { items } = await get('/v1/streams');
    expect(items).toHaveLength(3);
    const [one, two, three] = ['one', 'two', 'three'].map((name) =>
      items.find(({ stream }: Stream) => stream === name),
    );
    expect(one.recordings).toEqual([
      {
        recordId: 'rec_run',
        taskId: 'tsk_1',
        templateId: 'tpl_1',
        state: 'recording',
        progress: RUNNING,
        media: { videoCodec: 'h264', width: 1280, height: 720, framesPerSecond: 25 },
        thumbnails: null,
      },
    ]);
    expect(two.recordIds).toEqual(['rec_audio', 'rec_unowned', 'rec_done', 'rec_deleted']);
    expect(two.recordings).toMatchObject([
      { recordId: 'rec_audio', progress: { lastKeyFrameAgeSeconds: null, location: 'backup' }, taskId: null },
      { recordId: 'rec_unowned', progress: null, media: null },
      { recordId: 'rec_done', state: 'completed', progress: null },
    ]);
    expect(three.recordings).toEqual([]);
    expect(requests.filter((name) => name !== 'GetItemCommand').sort()).toEqual([
      'BatchGetItemCommand',
      'BatchGetItemCommand',
      'QueryCommand',
    ]);
  });

  it('is shown with one stream, and with streams of one domain', async () => {
    const one = await get('/v1/streams?domain=push.example.com&app=live&stream=one');
    expect(one.items[0].recordings[0].progress).toEqual(RUNNING);
    expect((await get('/v1/streams?domain=none.example.com')).items).toEqual([]);
    expect((await get('/v1/streams?domain=push.example.com&stream=two')).items).toHaveLength(1);
  });

  it('is shown with recordings, of all of a page in one read', async () => {
    const { items } = await get('/v1/recordings');
    const shown = Object.fromEntries(
      items.map(({ recordId, progress }: { recordId: string; progress: unknown }) => [recordId, progress]),
    );
    expect(shown).toEqual({
      rec_run: RUNNING,
      rec_audio: expect.objectContaining({ location: 'backup' }),
      rec_unowned: null,
      rec_done: null,
    });
    expect(requests.filter((name) => name === 'BatchGetItemCommand')).toHaveLength(1);
    expect((await get('/v1/recordings/rec_run')).progress).toEqual(RUNNING);
    expect((await get('/v1/recordings?taskId=tsk_1')).items).toHaveLength(1);
    expect((await get('/v1/recordings/rec_done')).progress).toBeNull();
    expect(requests).not.toContain('BatchGetItemCommand');
  });
});
