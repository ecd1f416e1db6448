import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordingWith } from '../../functions/common/world.fixture.ts';
import type { Stream } from '../../shared/schemas/stream.ts';
import { createRecorders } from '../../shared/table/recorders.ts';
import { createRecordings } from '../../shared/table/recordings.ts';
import { createStreams } from '../../shared/table/streams.ts';
import { startCli, type TestCli } from '../support/cli.ts';

let cli: TestCli;

const aStream = async (stream: string, change: Partial<Stream> = {}, seen?: Stream): Promise<Stream> => {
  const next: Stream = {
    ...{ domain: 'push.example.com', app: 'live', stream, sessionId: `ses_${stream}`, clientId: 'a' },
    ...{ live: true, startedAt: cli.api.clock.toISOString(), recordIds: [] },
    ...change,
  };
  await createStreams(cli.api.table).replace(next, seen);
  return next;
};

beforeAll(async () => {
  cli = await startCli();
  const media = { videoCodec: 'h264', audioCodec: 'aac', width: 1280, height: 720, framesPerSecond: 25 };
  await createRecordings(cli.api.table).create(
    recordingWith({ recordId: 'rec_run', stream: 'one', owner: 'rcd_1', media }),
  );
  const progress = {
    receivedBytes: 5e8,
    durationSeconds: 3600.5,
    bitsPerSecond: 4e6,
    location: 'backup' as const,
  };
  const lastKeyFrameAt = new Date(cli.api.clock.getTime() - 1500).toISOString();
  await createRecorders(cli.api.table).report(
    'rcd_1',
    new Map([['rec_run', { ...progress, lastKeyFrameAt }]]),
    cli.api.clock,
  );
  await aStream('one', { recordIds: ['rec_run'] });
  await aStream('two', { notRecorded: 'No rule matches it.' });
  await aStream('gone', { live: false, endedAt: cli.api.clock.toISOString() });
});
afterAll(() => cli.close());

describe('Streams', () => {
  it('are listed and shown, live ones and those that have ended', async () => {
    const { json } = await cli.run(['streams', 'list', '--json']);
    expect(json.map(({ stream }: Stream) => stream).sort()).toEqual(['one', 'two']);
    expect((await cli.run(['streams', 'list', '--live', 'false', '--json'])).json).toMatchObject([
      { stream: 'gone' },
    ]);
    expect((await cli.run(['streams', 'get', 'push.example.com/live/gone', '--json'])).json).toMatchObject({
      live: false,
    });
    expect(await cli.run(['streams', 'get', 'push.example.com/live/none'])).toMatchObject({ code: 1 });
    expect((await cli.run(['streams', 'list'])).stdout).toContain('No rule matches it.');
  });
});

describe('Watching', () => {
  it('once shows a table', async () => {
    const { code, stdout } = await cli.run(['watch', '--once']);
    expect(code).toBe(0);
    const [head = '', one, two] = stdout.split('\n').map((line) => line.split(/ {2,}/));
    expect(head).toEqual([
      ...['STREAM', 'STATE', 'DURATION', 'BITRATE', 'RECEIVED', 'MEDIA', 'KEY FRAME', 'WRITTEN TO', 'REASON'],
    ]);
    expect(one).toEqual([
      ...['push.example.com/live/one', 'recording', '1:00:01', '4.0 Mb/s', '500 MB'],
      ...['1280×720@25 h264+aac', '1.5 s', 'backup'],
    ]);
    expect(two?.slice(0, 3)).toEqual(['push.example.com/live/two', 'not recorded', '0:00']);
    expect(two?.at(-1)).toBe('No rule matches it.');
    const narrow = (await cli.run(['watch', '--once'], { columns: 100 })).stdout.split('\n');
    expect(Math.max(...narrow.map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it('once with --json is a list as the API answers it', async () => {
    const { json } = await cli.run(['watch', '--once', '--json', '--stream', 'one']);
    const { items } = (await cli.api.call('GET', '/v1/streams?stream=one')).json;
    expect(json).toEqual(items);
  });

  it('tells of changes in lines, as text and as JSON, until Ctrl-C', async () => {
    const three = await aStream('three', { notRecorded: 'No rule matches it.' });
    const watch = (...flags: string[]) => {
      let interrupt = (): void => undefined;
      let looks = 0;
      return cli.run(['watch', '--stream', 'three', ...flags], {
        onListening: (listener) => {
          interrupt = listener;
        },
        onRequest: async (request) => {
          if (!request.url.includes('live=true')) return interrupt();
          looks += 1;
          if (looks > 1) {
            await aStream('three', { live: false, endedAt: cli.api.clock.toISOString() }, three);
            if (flags.length === 0) interrupt();
          }
        },
      });
    };
    const text = await watch();
    expect(text).toMatchObject({ code: 0, stderr: '' });
    expect(text.stdout.split('\n')).toEqual([
      '2026-11-22T12:00:00Z  push.example.com/live/three  not recorded  No rule matches it.',
      '2026-11-22T12:00:00Z  push.example.com/live/three  ended',
      '',
    ]);
    const ended = await createStreams(cli.api.table).get({
      domain: 'push.example.com',
      app: 'live',
      stream: 'three',
    });
    if (ended === undefined) throw new Error('It is gone');
    await aStream('three', {}, ended);
    const json = await watch('--json');
    expect(json).toMatchObject({
      code: 0,
      json: [
        { stream: 'three', live: true },
        { stream: 'three', live: false },
      ],
    });
  });
});
