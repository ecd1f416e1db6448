import { beforeEach, describe, expect, it, vi } from 'vitest';
import { watermarkWith } from '../../shared/config/content.fixture.ts';
import type { Config } from '../../shared/config/plan.ts';
import type { Standby } from '../../shared/schemas/standby.ts';
import { useTable } from '../../test/support/table.ts';
import { resume } from './ensure-recordings.ts';
import { createStreamEventHandler, type StreamEventPorts } from './on-stream-event.ts';
import {
  configWith,
  createStreamWorld,
  domain,
  rule,
  type StreamWorld,
  templateWith,
} from './stream-world.fixture.ts';

const table = useTable();
let world: StreamWorld;
let number = 0;

beforeEach(() => {
  number += 1;
  world = createStreamWorld(table, `demo-${number}`);
});

describe('a stream that starts', () => {
  it('is recorded by the plan of its rule’s template, frozen as it is now', async () => {
    await createStreamEventHandler(world.portsWith())(world.started('a'));
    const recording = await world.recordingOf();
    expect(recording).toMatchObject({
      ...world.key,
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
    expect(await world.streamOf()).toMatchObject({
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
    ['no storage', { parts: async () => ({ storage: undefined, backup: undefined }) }, /storage sto_1/],
  ])('is listed as not recorded, with the reason, when there is %s', async (_, changes, text) => {
    await createStreamEventHandler(world.portsWith(configWith(changes)))(world.started('a'));
    expect(await world.streamOf()).toMatchObject({
      live: true,
      recordIds: [],
      notRecorded: expect.stringMatching(text),
    });
    expect(await world.recordingsOf()).toEqual([]);
    expect(world.sent.jobs).toEqual([]);
  });

  it('is one session with one recording however often it is announced', async () => {
    const handle = createStreamEventHandler(world.portsWith());
    await handle(world.started('a'));
    const once = await world.streamOf();
    await handle(world.started('a'));
    expect(await world.streamOf()).toEqual(once);
    await world.recordingOf();
    // Offered again while nobody has claimed it, then no more.
    expect(world.sent.jobs).toHaveLength(2);
    await world.claim();
    await handle(world.started('a'));
    expect(world.sent.jobs).toHaveLength(2);
  });
});

describe('an event of a stream', () => {
  it('is owed until everything has been done about it', async () => {
    const isOwed = async () =>
      (await world.ports.owedEvents.overdue(new Date(world.clock.at(60)), 100)).some(
        ({ key }) => key.stream === world.key.stream,
      );
    const event = world.started('a');
    await world.ports.owedEvents.add(event);
    const ports = world.portsWith();
    const queues = { ...ports.queues, recordJob: () => Promise.reject(new Error('the queue is away')) };
    await expect(createStreamEventHandler({ ...ports, queues })(event)).rejects.toThrow('away');
    expect(await isOwed()).toBe(true);
    await createStreamEventHandler(ports)(event);
    expect(await isOwed()).toBe(false);
  });
});

describe('a stream that stops', () => {
  it('is over before its recorder is told', async () => {
    const handle = createStreamEventHandler(world.portsWith());
    await handle(world.started('a'));
    const { recordId, sessionId } = await world.claim();
    await handle(world.stopped('a', 60));
    expect(await world.streamOf()).toMatchObject({ live: false, endedAt: world.clock.at(60) });
    expect(await world.commandsFor('rcd_1')).toEqual({ [recordId]: { stop: 'session-ended', sessionId } });
  });

  describe('and is back', () => {
    const standbyWorld = (recordStandby: boolean) => {
      const standby: Standby = {
        ...{ standbyId: 'stb_1', name: 'slate', key: 'standbys/1/a.png', sha256: 'a'.repeat(64) },
        ...{ contentType: 'image/png', width: 100, height: 50, sizeBytes: 10, fileSha256: 'b'.repeat(64) },
        ...{ createdAt: world.clock.at(), updatedAt: world.clock.at() },
      };
      const encoded = { content: 'watermarked', watermarkId: 'wmk_1', recordStandby } as const;
      const config = configWith({
        match: async () => ({ domain: { ...domain, standbys: [{ standbyId: 'stb_1' }] }, rule }),
        template: async () => ({ ...templateWith(60), ...encoded }),
        parts: async (template) => ({
          ...(await configWith().parts(template)),
          watermark: watermarkWith('wmk_1', 1),
          standby,
        }),
      });
      worlds += 1;
      const own = createStreamWorld(table, `standby-${worlds}`);
      const commandsFor = async (recordId: string) => {
        const lease = await own.ports.recorders.get('rcd_1');
        const commands = Object.values(lease?.commands ?? {}).filter((each) => each.recordId === recordId);
        return commands.toSorted((one, other) => Number(one.resumed ?? 0) - Number(other.resumed ?? 0));
      };
      return { ...own, ports: own.portsWith(config), commandsFor };
    };
    let worlds = 0;

    it('has the recorder told that waits for it with standby content, and no other one', async () => {
      for (const recordStandby of [true, false]) {
        const own = standbyWorld(recordStandby);
        const handle = createStreamEventHandler(own.ports);
        await handle(own.started('a'));
        const { recordId, sessionId } = await own.claim();
        await handle(own.stopped('a', 60));
        await handle(own.started('b', 80));
        const now = (await own.recordingOf()).sessionId;
        expect(now).not.toBe(sessionId);
        const stop = 'session-ended';
        expect(await own.commandsFor(recordId)).toEqual([
          { recordId, stop, sessionId },
          ...(recordStandby ? [{ recordId, stop, sessionId: now, resumed: true }] : []),
        ]);
      }
    });

    it('has that recorder told also when the first try has ended before it was', async () => {
      const own = standbyWorld(true);
      const { recorders } = own.ports;
      const handle = createStreamEventHandler(own.ports);
      await handle(own.started('a'));
      const { recordId } = await own.claim();
      await handle(own.stopped('a', 60));
      const command: typeof recorders.command = async (owner, id, what) => {
        if (what.resumed === true) throw new Error('The table is away');
        return recorders.command(owner, id, what);
      };
      const failing = createStreamEventHandler({ ...own.ports, recorders: { ...recorders, command } });
      await expect(failing(own.started('b', 80))).rejects.toThrow('The table is away');
      await handle(own.started('b', 80));
      const { sessionId } = await own.recordingOf();
      expect(await own.commandsFor(recordId)).toContainEqual({
        ...{ recordId, stop: 'session-ended', sessionId, resumed: true },
      });
    });

    it('is gone on with after one read and one write', async () => {
      const own = standbyWorld(false);
      const handle = createStreamEventHandler(own.ports);
      await handle(own.started('a'));
      const { recordId } = await own.claim();
      await handle(own.stopped('a', 60));
      const { recordings } = own.ports;
      const [get, replace] = [vi.fn(recordings.get), vi.fn(recordings.replace)];
      const stream = await own.streamOf();
      if (stream === undefined) throw new Error('There is no stream');
      const next = { ...stream, live: true, sessionId: 'ses_next', startedAt: own.clock.at(80) };
      const resumed = await resume(
        { ...own.ports, recordings: { ...recordings, get, replace } },
        next,
        recordId,
      );
      expect(resumed).toBe(true);
      expect([get.mock.calls.length, replace.mock.calls.length]).toEqual([1, 1]);
    });
  });

  it('completes at once when its recorder is not registered any more', async () => {
    const handle = createStreamEventHandler(world.portsWith());
    await handle(world.started('a'));
    await world.claim();
    await world.ports.recorders.remove('rcd_1');
    await handle(world.stopped('a', 60));
    expect(await world.recordingOf()).toMatchObject({ state: 'failed', reason: { code: 'recorder-lost' } });
  });

  it('goes on being recorded while a second publisher tries and is refused', async () => {
    const handle = createStreamEventHandler(world.portsWith());
    await handle(world.started('a'));
    await world.claim();
    await handle(world.started('b', 10));
    await handle(world.stopped('b', 11));
    expect(await world.streamOf()).toMatchObject({ live: true, clientId: 'a' });
    expect(await world.commandsFor('rcd_1')).toEqual({});
    await world.recordingOf();
  });

  it('makes place for its successor when that was announced first, in the same recording', async () => {
    const handle = createStreamEventHandler(world.portsWith());
    await handle(world.started('a'));
    const first = await world.claim();
    await handle(world.started('b', 10));
    await handle(world.stopped('a', 9));
    const { recordId, sessionId } = await world.recordingOf();
    expect(recordId).toBe(first.recordId);
    expect(await world.streamOf()).toMatchObject({
      ...{ live: true, clientId: 'b', sessionId, recordIds: [recordId], lastEndedAt: world.clock.at(9) },
    });
    // Void: the recording goes on with another session.
    expect(await world.commandsFor('rcd_1')).toMatchObject({ [recordId]: { sessionId: first.sessionId } });
  });

  it('is recorded anew when its stop was lost and nothing is being recorded any more', async () => {
    const handle = createStreamEventHandler(world.portsWith());
    await handle(world.started('a'));
    const first = await world.claim();
    await world.ports.recordings.replace({ ...first, state: 'completing', revision: first.revision + 1 });
    await handle(world.started('b', 600));
    expect(await world.recordingsOf()).toHaveLength(2);
    expect(await world.streamOf()).toMatchObject({ live: true, clientId: 'b' });
  });
});

describe('a stream that comes back', () => {
  it('within a second goes on with the same recording, whatever its template says', async () => {
    const handle = createStreamEventHandler(world.portsWith(configWith({}, 0)));
    await handle(world.started('a'));
    const first = await world.claim();
    await handle(world.stopped('a', 60));
    await handle(world.started('b', 61));
    expect(await world.recordingOf()).toMatchObject({ recordId: first.recordId, owner: 'rcd_1', epoch: 1 });
    // The same once more: the crash may have come before the last write.
    await handle(world.started('b', 61));
    const { sessionId } = await world.recordingOf();
    expect(await world.streamOf()).toMatchObject({ live: true, sessionId, recordIds: [first.recordId] });
  });

  it('later than that is another recording where there is no resumption timeout', async () => {
    const handle = createStreamEventHandler(world.portsWith(configWith({}, 0)));
    await handle(world.started('a'));
    await world.claim();
    await handle(world.stopped('a', 60));
    await handle(world.started('b', 62));
    expect(await world.recordingsOf()).toHaveLength(2);
  });

  const pause = async (): Promise<void> => {
    const { owner: _, ...claimed } = await world.claim();
    await world.ports.recordings.replace({
      ...claimed,
      state: 'paused',
      pausedUntil: world.clock.at(90),
      endedAt: world.clock.at(60),
      revision: claimed.revision + 1,
    });
  };

  it('within its resumption timeout goes on with the same recording', async () => {
    const handle = createStreamEventHandler(world.portsWith(configWith({}, 30)));
    await handle(world.started('a'));
    await pause();
    await handle(world.stopped('a', 60));
    await handle(world.started('b', 80));
    const recording = await world.recordingOf();
    const stream = await world.streamOf();
    expect(recording).toMatchObject({ state: 'recording', sessionId: stream?.sessionId });
    expect(stream).toMatchObject({ live: true, recordIds: [recording.recordId] });
    expect(world.sent.jobs.at(-1)).toEqual({ recordId: recording.recordId, epoch: recording.epoch });
    expect(world.sent.completions).toEqual([
      { recordId: recording.recordId, noticeId: `recording.resumed.${recording.sessionId}` },
    ]);
  });

  it('before its recorder has finished goes on with the same recording', async () => {
    const handle = createStreamEventHandler(world.portsWith(configWith({}, 30)));
    await handle(world.started('a'));
    const claimed = await world.claim();
    await handle(world.stopped('a', 60));
    await handle(world.started('b', 61));
    expect(await world.recordingOf()).toMatchObject({
      recordId: claimed.recordId,
      state: 'recording',
      owner: 'rcd_1',
    });
    expect((await world.recordingOf()).sessionId).not.toBe(claimed.sessionId);
  });

  it('too late is recorded anew', async () => {
    const handle = createStreamEventHandler(world.portsWith(configWith({}, 30)));
    await handle(world.started('a'));
    await pause();
    await handle(world.stopped('a', 60));
    await handle(world.started('b', 91));
    expect(await world.recordingsOf()).toHaveLength(2);
  });

  it('is recorded anew when the timeout is found to be over at the last moment', async () => {
    const expireFirst = (ports: StreamEventPorts): StreamEventPorts => ({
      ...ports,
      streams: {
        ...ports.streams,
        replace: async (next, seen) => {
          const recording = await world.recordingOf();
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
    const ports = world.portsWith(configWith({}, 30));
    await createStreamEventHandler(ports)(world.started('a'));
    await pause();
    await createStreamEventHandler(ports)(world.stopped('a', 60));
    await createStreamEventHandler(expireFirst(ports))(world.started('b', 80));
    const stream = await world.streamOf();
    const states = (await world.recordingsOf()).map(({ recordId, state }) => [
      recordId === stream?.recordIds[0],
      state,
    ]);
    expect(states).toContainEqual([true, 'recording']);
    expect(states).toContainEqual([false, 'completing']);
  });
});
