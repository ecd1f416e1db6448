import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StreamEvent } from '../../shared/events/stream-events.ts';
import type { Domain } from '../../shared/schemas/domain.ts';
import type { Rule } from '../../shared/schemas/rule.ts';
import type { Storage } from '../../shared/schemas/storage.ts';
import type { Template } from '../../shared/schemas/template.ts';
import { startTable, type TestTable } from '../../test/support/table.ts';
import { createWorld, START, type World } from '../common/world.fixture.ts';
import type { Config } from './choose.ts';
import { createStreamEventHandler, type StreamEventPorts } from './on-stream-event.ts';

const domain: Domain = {
  domain: 'push.example.com',
  adapter: 'nginx-rtmp',
  source: { url: 'rtmp://origin.example.com/{app}/{stream}' },
  enabled: true,
  secretHash: '',
  createdAt: START,
};
const rule: Rule = { domain: 'push.example.com', templateId: 'tpl_1', ruleId: 'rul_1', createdAt: START };
const storage: Storage = {
  storageId: 'sto_1',
  name: 'main',
  bucket: 'recordings',
  region: 'eu-central-1',
  checkedAt: START,
  createdAt: START,
};
const templateWith = (resumptionTimeout: number): Template => ({
  templateId: 'tpl_1',
  name: 'all',
  description: '',
  content: 'origin',
  timeZone: 'UTC',
  formats: { hls: { segmentSeconds: 10, resumptionTimeout }, mp4: { maxMinutes: 30 } },
  storage: { primary: 'sto_1' },
  path: '{StreamID}/{RandomID}',
  maxDuration: 5,
  createdAt: START,
  updatedAt: START,
});

const configWith = (changes: Partial<Config> = {}, resumptionTimeout = 0): Config => ({
  match: async () => ({ domain, rule }),
  template: async () => templateWith(resumptionTimeout),
  storage: async () => storage,
  ...changes,
});

let table: TestTable;
let streamNumber = 0;
let world: World;
let key: StreamEvent['key'];

beforeAll(async () => {
  table = await startTable();
});
afterAll(() => table.close());
beforeEach(() => {
  world = createWorld(table);
  streamNumber += 1;
  key = { domain: 'push.example.com', app: 'live', stream: `demo-${streamNumber}` };
});

const portsWith = (
  config: Config = configWith(),
  changes: Partial<StreamEventPorts> = {},
): StreamEventPorts => {
  let sessions = 0;
  return {
    ...world.ports,
    config,
    newSessionId: () => {
      sessions += 1;
      return `ses_${key.stream}_${String(sessions).padStart(3, '0')}`;
    },
    ...changes,
  };
};

const started = (clientId: string, seconds = 0): StreamEvent => ({
  type: 'started',
  key,
  clientId,
  at: world.clock.at(seconds),
});
const stopped = (clientId: string, seconds = 0): StreamEvent => ({
  ...started(clientId, seconds),
  type: 'stopped',
});

const recordingsOf = async () => (await world.ports.recordings.list({ stream: key.stream }, 50)).items;
const recordingOf = async () => {
  const [recording, ...others] = await recordingsOf();
  expect(others).toEqual([]);
  if (recording === undefined) throw new Error('There is no recording');
  return recording;
};
const streamOf = () => world.ports.streams.get(key);

/** What a recorder does when it takes the newest job. */
const claim = async (recorderId = 'rcd_1') => {
  await world.ports.recorders.register(recorderId, 20, world.clock.now());
  const job = world.sent.jobs.at(-1);
  if (job === undefined) throw new Error('There is no job');
  const claimed = await world.ports.recordings.claim(job.recordId, job.epoch, recorderId);
  if (claimed === undefined) throw new Error('The job is void');
  return claimed;
};
const commandsFor = (recorderId: string) =>
  world.ports.recorders.heartbeat(recorderId, 1, [], world.clock.now());

describe('a stream that starts', () => {
  it('is recorded by the plan of its rule’s template, frozen as it is now', async () => {
    await createStreamEventHandler(portsWith())(started('a'));
    const recording = await recordingOf();
    expect(recording).toMatchObject({
      ...key,
      state: 'recording',
      epoch: 0,
      captures: 0,
      revision: 0,
      plan: {
        templateId: 'tpl_1',
        sourceUrl: 'rtmp://origin.example.com/{app}/{stream}',
        storage: { bucket: 'recordings', region: 'eu-central-1' },
        maxDurationSeconds: 300,
      },
    });
    expect(recording.recordId).toMatch(/^rec_[0-9a-f]{26}$/);
    expect(await streamOf()).toMatchObject({
      live: true,
      sessionId: recording.sessionId,
      recordIds: [recording.recordId],
    });
    expect(world.sent.jobs).toEqual([{ recordId: recording.recordId, epoch: 0 }]);
    expect(world.counted).toEqual(['StreamsStarted', 'RecordingsCreated']);
  });

  it.each<[string, Partial<Config>, RegExp]>([
    ['no domain', { match: async () => ({ domain: undefined, rule: undefined }) }, /not configured/],
    [
      'a disabled domain',
      { match: async () => ({ domain: { ...domain, enabled: false }, rule }) },
      /disabled/,
    ],
    ['no rule', { match: async () => ({ domain, rule: undefined }) }, /No rule/],
    ['no template', { template: async () => undefined }, /template tpl_1/],
    ['no storage', { storage: async () => undefined }, /storage sto_1/],
  ])('is listed as not recorded, with the reason, when there is %s', async (_, changes, text) => {
    await createStreamEventHandler(portsWith(configWith(changes)))(started('a'));
    expect(await streamOf()).toMatchObject({
      live: true,
      recordIds: [],
      notRecorded: expect.stringMatching(text),
    });
    expect(await recordingsOf()).toEqual([]);
    expect(world.sent.jobs).toEqual([]);
  });

  it('is one session with one recording however often it is announced', async () => {
    const handle = createStreamEventHandler(portsWith());
    await handle(started('a'));
    const once = await streamOf();
    await handle(started('a'));
    expect(await streamOf()).toEqual(once);
    await recordingOf();
    // Offered again while nobody has claimed it, then no more.
    expect(world.sent.jobs).toHaveLength(2);
    await claim();
    await handle(started('a'));
    expect(world.sent.jobs).toHaveLength(2);
  });
});

describe('a stream that stops', () => {
  it('is over before its recorder is told', async () => {
    const handle = createStreamEventHandler(portsWith());
    await handle(started('a'));
    const { recordId, sessionId } = await claim();
    await handle(stopped('a', 60));
    expect(await streamOf()).toMatchObject({ live: false, endedAt: world.clock.at(60) });
    expect(await commandsFor('rcd_1')).toEqual({ [recordId]: { stop: 'session-ended', sessionId } });
  });

  it('completes at once when its recorder is not registered any more', async () => {
    const handle = createStreamEventHandler(portsWith());
    await handle(started('a'));
    await claim();
    await world.ports.recorders.remove('rcd_1');
    await handle(stopped('a', 60));
    expect(await recordingOf()).toMatchObject({ state: 'failed', reason: { code: 'recorder-lost' } });
  });

  it('goes on being recorded while a second publisher tries and is refused', async () => {
    const handle = createStreamEventHandler(portsWith());
    await handle(started('a'));
    await claim();
    await handle(started('b', 10));
    await handle(stopped('b', 11));
    expect(await streamOf()).toMatchObject({ live: true, clientId: 'a' });
    expect(await commandsFor('rcd_1')).toEqual({});
    await recordingOf();
  });

  it('makes place for its successor when that was announced first', async () => {
    const handle = createStreamEventHandler(portsWith());
    await handle(started('a'));
    const first = await claim();
    await handle(started('b', 10));
    await handle(stopped('a', 9));
    const second = (await recordingsOf()).find(({ recordId }) => recordId !== first.recordId);
    expect(await streamOf()).toMatchObject({ live: true, clientId: 'b', recordIds: [second?.recordId] });
    expect(await commandsFor('rcd_1')).toMatchObject({ [first.recordId]: { sessionId: first.sessionId } });
  });

  it('is recorded anew when its stop was lost and nothing is being recorded any more', async () => {
    const handle = createStreamEventHandler(portsWith());
    await handle(started('a'));
    const first = await claim();
    await world.ports.recordings.replace({ ...first, state: 'completing', revision: first.revision + 1 });
    await handle(started('b', 600));
    expect(await recordingsOf()).toHaveLength(2);
    expect(await streamOf()).toMatchObject({ live: true, clientId: 'b' });
  });
});

describe('a stream that comes back', () => {
  const pause = async (): Promise<void> => {
    const { owner: _, ...claimed } = await claim();
    await world.ports.recordings.replace({
      ...claimed,
      state: 'paused',
      pausedUntil: world.clock.at(90),
      endedAt: world.clock.at(60),
      revision: claimed.revision + 1,
    });
  };

  it('within its resumption timeout goes on with the same recording', async () => {
    const handle = createStreamEventHandler(portsWith(configWith({}, 30)));
    await handle(started('a'));
    await pause();
    await handle(stopped('a', 60));
    await handle(started('b', 80));
    const recording = await recordingOf();
    const stream = await streamOf();
    expect(recording).toMatchObject({ state: 'recording', sessionId: stream?.sessionId });
    expect(stream).toMatchObject({ live: true, recordIds: [recording.recordId] });
    expect(world.sent.jobs.at(-1)).toEqual({ recordId: recording.recordId, epoch: recording.epoch });
    expect(world.sent.completions).toEqual([
      { recordId: recording.recordId, noticeId: `recording.resumed.${recording.revision}` },
    ]);
  });

  it('before its recorder has finished goes on with the same recording', async () => {
    const handle = createStreamEventHandler(portsWith(configWith({}, 30)));
    await handle(started('a'));
    const claimed = await claim();
    await handle(stopped('a', 60));
    await handle(started('b', 61));
    expect(await recordingOf()).toMatchObject({
      recordId: claimed.recordId,
      state: 'recording',
      owner: 'rcd_1',
    });
    expect((await recordingOf()).sessionId).not.toBe(claimed.sessionId);
  });

  it('too late is recorded anew', async () => {
    const handle = createStreamEventHandler(portsWith(configWith({}, 30)));
    await handle(started('a'));
    await pause();
    await handle(stopped('a', 60));
    await handle(started('b', 91));
    expect(await recordingsOf()).toHaveLength(2);
  });

  it('is recorded anew when the timeout is found to be over at the last moment', async () => {
    const expireFirst = (ports: StreamEventPorts): StreamEventPorts => ({
      ...ports,
      streams: {
        ...ports.streams,
        replace: async (next, seen) => {
          const recording = await recordingOf();
          if (recording.state === 'paused') {
            const { pausedUntil: _, ...rest } = recording;
            await ports.recordings.replace({
              ...rest,
              state: 'completing',
              revision: recording.revision + 1,
            });
          }
          return ports.streams.replace(next, seen);
        },
      },
    });
    const ports = portsWith(configWith({}, 30));
    await createStreamEventHandler(ports)(started('a'));
    await pause();
    await createStreamEventHandler(ports)(stopped('a', 60));
    await createStreamEventHandler(expireFirst(ports))(started('b', 80));
    const stream = await streamOf();
    const states = (await recordingsOf()).map(({ recordId, state }) => [
      recordId === stream?.recordIds[0],
      state,
    ]);
    expect(states).toContainEqual([true, 'recording']);
    expect(states).toContainEqual([false, 'completing']);
  });
});

/** Ports that fail at their n-th write, before it or after it, as a crash would have it. */
const crashingAt = (ports: StreamEventPorts, at: number, isWritten: boolean): StreamEventPorts => {
  let writes = 0;
  const crashing =
    <Arguments extends unknown[], Result>(write: (...given: Arguments) => Promise<Result>) =>
    async (...given: Arguments): Promise<Result> => {
      writes += 1;
      if (writes !== at) return write(...given);
      if (isWritten) await write(...given);
      throw new Error('crash');
    };
  const { streams, recordings, recorders, notices, queues } = ports;
  return {
    ...ports,
    streams: { ...streams, replace: crashing(streams.replace) },
    recordings: { ...recordings, create: crashing(recordings.create), replace: crashing(recordings.replace) },
    recorders: { ...recorders, command: crashing(recorders.command) },
    notices: { ...notices, add: crashing(notices.add) },
    queues: {
      ...queues,
      recordJob: crashing((job: Parameters<typeof queues.recordJob>[0]) => queues.recordJob(job)),
    },
  };
};

describe('a crash anywhere, and the event once more', () => {
  const crashes = [1, 2, 3, 4, 5, 6].flatMap(
    (at) =>
      [
        [at, false],
        [at, true],
      ] as const,
  );

  it.each(crashes)(
    'begins a session with one recording and a job: write %d, written %s',
    async (at, isWritten) => {
      const ports = portsWith();
      await createStreamEventHandler(crashingAt(ports, at, isWritten))(started('a')).catch(() => undefined);
      await createStreamEventHandler(ports)(started('a'));
      const recording = await recordingOf();
      expect(await streamOf()).toMatchObject({
        live: true,
        sessionId: recording.sessionId,
        recordIds: [recording.recordId],
      });
      expect(world.sent.jobs).toContainEqual({ recordId: recording.recordId, epoch: 0 });
    },
  );

  it.each(crashes)('ends a session and tells its recorder: write %d, written %s', async (at, isWritten) => {
    const ports = portsWith();
    await createStreamEventHandler(ports)(started('a'));
    const { recordId } = await claim();
    await createStreamEventHandler(crashingAt(ports, at, isWritten))(stopped('a', 60)).catch(() => undefined);
    await createStreamEventHandler(ports)(stopped('a', 60));
    expect(await streamOf()).toMatchObject({ live: false });
    expect(await commandsFor('rcd_1')).toHaveProperty(recordId);
  });

  it.each(crashes)(
    'hands over to a successor that was announced first: write %d, written %s',
    async (at, isWritten) => {
      const ports = portsWith();
      await createStreamEventHandler(ports)(started('a'));
      const first = await claim();
      await createStreamEventHandler(ports)(started('b', 10));
      await createStreamEventHandler(crashingAt(ports, at, isWritten))(stopped('a', 9)).catch(
        () => undefined,
      );
      await createStreamEventHandler(ports)(stopped('a', 9));
      const stream = await streamOf();
      expect(stream).toMatchObject({ live: true, clientId: 'b' });
      expect(await commandsFor('rcd_1')).toHaveProperty(first.recordId);
      const recordId = stream?.recordIds[0];
      expect(await world.ports.recordings.get(recordId ?? '')).toMatchObject({
        sessionId: stream?.sessionId,
      });
      expect(world.sent.jobs).toContainEqual({ recordId, epoch: 0 });
    },
  );
});
