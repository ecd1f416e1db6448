import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Notice } from '../../shared/events/notices.ts';
import type { OwedEvent } from '../../shared/events/stream-events.ts';
import { endReason } from '../../shared/recordings/end-reason.ts';
import { summaryOf } from '../../shared/recordings/summary.ts';
import type { Recording } from '../../shared/schemas/recording.ts';
import { startTable, type TestTable } from '../../test/support/table.ts';
import {
  createWorld,
  fileWith,
  KEY,
  planWith,
  recordingWith,
  START,
  type World,
} from '../common/world.fixture.ts';
import { sweep } from './sweep.ts';

let table: TestTable;
let world: World;

beforeEach(async () => {
  table = await startTable();
  world = createWorld(table);
});
afterEach(() => table.close());

const setStream = async (live: boolean, sessionId = 'ses_1'): Promise<void> => {
  const endedAt = live ? {} : { endedAt: world.clock.at() };
  const stream = {
    ...KEY,
    sessionId,
    clientId: 'a',
    live,
    startedAt: START,
    recordIds: ['rec_1'],
    ...endedAt,
  };
  await world.ports.streams.replace(stream, await world.ports.streams.get(KEY));
};
const add = async (changes: Partial<Recording> = {}): Promise<void> => {
  expect(await world.ports.recordings.create(recordingWith(changes))).toBe(true);
};
const recordingNow = (recordId = 'rec_1') => world.ports.recordings.get(recordId);

describe('an event of a stream that was lost', () => {
  const started = (clientId: string, stream = 'demo'): OwedEvent => ({
    type: 'started',
    key: { ...KEY, stream },
    clientId,
    at: world.clock.at(),
  });

  it('is queued again after half a minute, with those of its stream in their order', async () => {
    const noted: OwedEvent[] = [];
    for (const clientId of ['c', 'b', 'a']) {
      noted.push(started(clientId));
      world.clock.pass(1);
    }
    noted.push(started('d', 'other'));
    for (const event of noted) {
      world.clock.pass(1);
      await world.ports.owedEvents.add(event);
    }
    world.clock.pass(28);
    await sweep(world.ports);
    expect(world.sent.events).toEqual(noted.slice(0, 2));
    world.clock.pass(3);
    await sweep(world.ports);
    expect(world.sent.events.slice(2).filter(({ key }) => key.stream === 'demo')).toEqual(noted.slice(0, 3));
    expect(world.sent.events).toContainEqual(noted[3]);
  });

  it('is owed no longer when it was taken in, or nobody could in an hour', async () => {
    const event = started('a');
    await world.ports.owedEvents.add(event);
    await world.ports.owedEvents.add(started('b'));
    await world.ports.owedEvents.remove(event);
    world.clock.pass(3600 + 31);
    await sweep(world.ports);
    expect(world.sent.events).toEqual([]);
  });
});

describe('a file whose event was lost', () => {
  it('is told of after a minute, when it was opened and when it was closed', async () => {
    await world.ports.files.open(fileWith({ fileId: '1' }));
    world.clock.pass(59);
    await sweep(world.ports);
    expect(world.sent.recordingEvents).toEqual([]);
    world.clock.pass(2);
    await sweep(world.ports);
    expect(world.sent.recordingEvents).toMatchObject([
      { type: 'file.opened', recordId: 'rec_1', fileId: '1' },
    ]);
    await world.ports.files.write(fileWith({ fileId: '1', state: 'ready', readyAt: world.clock.at() }));
    world.clock.pass(61);
    await sweep(world.ports);
    expect(world.sent.recordingEvents[1]).toMatchObject({ type: 'file.closed', fileId: '1' });
  });
});

describe('a recorder whose lease has run out', () => {
  beforeEach(async () => {
    await world.ports.recorders.register('rcd_1', 20, world.clock.now());
    await add();
    await world.ports.recordings.claim('rec_1', 0, 'rcd_1');
    await world.ports.files.open(fileWith({ fileId: '1' }));
    await world.ports.files.open(fileWith({ fileId: '2', format: 'hls' }));
  });

  it('loses its recordings to others, which go on with them, playlist included', async () => {
    await setStream(true);
    world.clock.pass(7);
    await sweep(world.ports);
    expect(await recordingNow()).toMatchObject({ owner: 'rcd_1' });
    expect(world.clock.at()).toBe('2026-11-22T10:00:07.000Z');

    world.clock.pass(2);
    await sweep(world.ports);
    // It has waited for as long as a lease is before it believed that.
    expect(world.clock.at()).toBe('2026-11-22T10:00:17.000Z');
    const recording = await recordingNow();
    expect(recording).toMatchObject({ state: 'recording', epoch: 2 });
    expect(recording).not.toHaveProperty('owner');
    expect(world.sent.jobs).toEqual([{ recordId: 'rec_1', epoch: 2 }]);
    expect(world.sent.retries).toEqual([{ recordId: 'rec_1', fileId: '1' }]);
    expect(await world.ports.recorders.heartbeat('rcd_1', 1, [], world.clock.now())).toBe('lost');
    expect(world.counted).toContain('LeasesExpired');
  });

  it('has its recordings completed when their session is over', async () => {
    await setStream(false);
    world.clock.pass(9);
    await sweep(world.ports);
    expect(await recordingNow()).toMatchObject({ state: 'completing', reason: { code: 'recorder-lost' } });
    expect(world.sent.retries.map(({ fileId }) => fileId)).toEqual(['1', '2']);
  });

  it('is forgotten only after a while, so that a late claim of its is found', async () => {
    await setStream(true);
    world.clock.pass(9);
    await sweep(world.ports);
    await world.ports.recordings.claim('rec_1', 2, 'rcd_1');
    world.clock.pass(9);
    await sweep(world.ports);
    expect(await recordingNow()).toMatchObject({ epoch: 4 });
    world.clock.pass(60);
    await sweep(world.ports);
    expect(await world.ports.recorders.leases()).toEqual([]);
  });

  it.each([-60, 60])('loses them also when its clock is wrong by %i seconds', async (error) => {
    await setStream(true);
    await world.ports.recorders.heartbeat(
      'rcd_1',
      1,
      [],
      new Date(world.clock.now().getTime() + error * 1000),
    );
    world.clock.pass(9);
    await sweep(world.ports);
    expect(await recordingNow()).toMatchObject({ epoch: 2 });
  });

  it.each([-60, 60])('is not taken for dead because its clock is wrong by %i seconds', async (error) => {
    await setStream(true);
    const beat = () =>
      world.ports.recorders.heartbeat('rcd_1', 1, [], new Date(world.clock.now().getTime() + error * 1000));
    await beat();
    const wait = async (milliseconds: number) => {
      await world.ports.wait(milliseconds);
      await beat();
    };
    await sweep({ ...world.ports, wait });
    expect(await recordingNow()).toMatchObject({ owner: 'rcd_1', epoch: 1 });
  });

  it('keeps its recordings when it renews its lease at the last moment', async () => {
    await setStream(true);
    world.clock.pass(9);
    const { recorders } = world.ports;
    const leases = async () => {
      const found = await recorders.leases();
      await recorders.heartbeat('rcd_1', 1, [], world.clock.now());
      return found;
    };
    await sweep({ ...world.ports, recorders: { ...recorders, leases } });
    expect(await recordingNow()).toMatchObject({ owner: 'rcd_1', epoch: 1 });
  });
});

describe('a recording whose owner has no lease', () => {
  beforeEach(async () => {
    await setStream(true);
    for (const id of ['1', '2', '3', '4']) await add({ recordId: `rec_${id}`, owner: `rcd_${id}`, epoch: 1 });
    await world.ports.recorders.register('rcd_2', 20, world.clock.now());
    await world.ports.recorders.register('rcd_30', 20, world.clock.now());
    await world.ports.recorders.register('rcd_4', 20, world.clock.now());
  });

  it('is found between all those that have one, and goes on with another', async () => {
    await sweep(world.ports);
    expect(world.sent.jobs).toEqual([
      { recordId: 'rec_1', epoch: 2 },
      { recordId: 'rec_3', epoch: 2 },
    ]);
    expect(await recordingNow('rec_2')).toMatchObject({ owner: 'rcd_2', epoch: 1 });
  });

  it('is left alone when the index only does not know of the lease yet', async () => {
    const { recorders } = world.ports;
    await sweep({ ...world.ports, recorders: { ...recorders, leases: async () => [] } });
    expect(await recordingNow('rec_2')).toMatchObject({ owner: 'rcd_2', epoch: 1 });
    expect(await recordingNow('rec_1')).toMatchObject({ epoch: 2 });
  });
});

describe('a recording that nobody has claimed', () => {
  it('is offered again while its session is live', async () => {
    await add();
    await setStream(true);
    world.clock.pass(14);
    await sweep(world.ports);
    expect(world.sent.jobs).toEqual([]);
    world.clock.pass(2);
    await sweep(world.ports);
    expect(world.sent.jobs).toEqual([{ recordId: 'rec_1', epoch: 0 }]);
  });

  it('has what its last owner left open closed', async () => {
    await add({ epoch: 2, captures: 1 });
    await setStream(true);
    await world.ports.files.open(fileWith({ fileId: '1', epoch: 1 }));
    await world.ports.files.open(fileWith({ fileId: '2', epoch: 1, format: 'hls' }));
    world.clock.pass(16);
    await sweep(world.ports);
    expect(world.sent.retries).toEqual([{ recordId: 'rec_1', fileId: '1' }]);
  });

  it('fails with the reason once its session has been over for a while', async () => {
    await add();
    world.clock.pass(16);
    await setStream(false);
    await sweep(world.ports);
    expect((await recordingNow())?.state).toBe('recording');
    world.clock.pass(31);
    await sweep(world.ports);
    expect(await recordingNow()).toMatchObject({ state: 'failed', reason: { code: 'no-recorder' } });
    expect(world.sent.completions).toEqual([{ recordId: 'rec_1', noticeId: 'recording.failed' }]);
  });
});

describe('a recording that waits or completes', () => {
  it('ends exactly once when its resumption timeout is over', async () => {
    const reason = endReason('session-ended');
    const pausedUntil = world.clock.at(30);
    await add({ state: 'paused', plan: planWith(30), pausedUntil, endedAt: START, reason });
    await world.ports.files.open(fileWith({ fileId: '1', format: 'hls' }));
    world.clock.pass(29);
    await sweep(world.ports);
    expect((await recordingNow())?.state).toBe('paused');

    world.clock.pass(2);
    await sweep(world.ports);
    expect(await recordingNow()).toMatchObject({ state: 'completing', endedAt: START, reason });
    expect(world.sent.retries).toEqual([{ recordId: 'rec_1', fileId: '1' }]);
    await world.ports.files.write(fileWith({ fileId: '1', format: 'hls', state: 'ready' }));
    await sweep(world.ports);
    await sweep(world.ports);
    expect((await recordingNow())?.state).toBe('completed');
    expect(world.sent.completions).toEqual([{ recordId: 'rec_1', noticeId: 'recording.ended' }]);
  });

  it('is finished when that was forgotten', async () => {
    await add({ state: 'completing', endedAt: START, reason: endReason('session-ended') });
    await world.ports.files.open(fileWith({ fileId: '1' }));
    world.clock.pass(31);
    await sweep(world.ports);
    expect(world.sent.retries).toEqual([{ recordId: 'rec_1', fileId: '1' }]);
    expect((await recordingNow())?.state).toBe('completing');
  });
});

describe('a recording that completes while a recorder is still leaving it', () => {
  const handover = { epoch: 1, owner: 'rcd_1' };
  beforeEach(async () => {
    const reason = endReason('session-ended');
    await add({ state: 'completing', endedAt: START, reason, epoch: 2, handover });
    await world.ports.files.open(fileWith({ fileId: '1' }));
    world.clock.pass(31);
  });

  it('is left to that while it lives', async () => {
    await world.ports.recorders.register('rcd_1', 20, world.clock.now());
    await sweep(world.ports);
    expect(await recordingNow()).toMatchObject({ state: 'completing', handover });
  });

  it('is finished without it when it is gone', async () => {
    await sweep(world.ports);
    expect(await recordingNow()).not.toHaveProperty('handover');
    expect(world.sent.retries).toEqual([{ recordId: 'rec_1', fileId: '1' }]);
  });
});

describe('what is to be deleted', () => {
  const deletion = { at: START, objects: true, record: true, failures: 0 };

  it('is queued again once it is overdue, and then left alone for a while', async () => {
    await add({ state: 'completed', endedAt: START, deletion: { ...deletion, dueAt: world.clock.at(60) } });
    world.clock.pass(59);
    await sweep(world.ports);
    expect(world.sent.deletions).toEqual([]);
    world.clock.pass(2);
    await sweep(world.ports);
    world.clock.pass(60);
    await sweep(world.ports);
    expect(world.sent.deletions).toEqual(['rec_1']);
    world.clock.pass(1200);
    await sweep(world.ports);
    expect(world.sent.deletions).toEqual(['rec_1', 'rec_1']);
  });

  it('is what was left of a recording, which is looked for once it is due, and then left alone for a while', async () => {
    const untidy = { dueAt: world.clock.at(60), failures: 0 };
    await add({ state: 'completed', endedAt: START, owner: undefined, untidy });
    world.clock.pass(59);
    await sweep(world.ports);
    expect(world.sent.deletions).toEqual([]);
    for (const seconds of [2, 60, 1200]) {
      world.clock.pass(seconds);
      await sweep(world.ports);
    }
    expect(world.sent.deletions).toEqual(['rec_1', 'rec_1']);
  });

  it('is what has been kept for as long as its template says, and its objects only', async () => {
    const plan = { ...planWith(), retentionDays: 2 };
    await add({ state: 'completed', endedAt: START, plan });
    await add({ recordId: 'rec_2', state: 'completed', endedAt: START });
    await add({ recordId: 'rec_3', state: 'recording', plan });
    world.clock.pass(2 * 86_400);
    await sweep(world.ports);
    expect(world.sent.deletions).toEqual([]);
    world.clock.pass(1);
    await sweep(world.ports);
    await sweep(world.ports);
    expect(world.sent.deletions).toEqual(['rec_1']);
    expect(await recordingNow()).toMatchObject({ deletion: { objects: true, record: false } });
  });
});

describe('a file that is away from home', () => {
  it('is queued when it is due, once until its message should have been taken up', async () => {
    const reason = endReason('storage-failed');
    const dueAt = world.clock.at(60);
    const away = { places: ['spool' as const], since: START, dueAt, failures: 0, reason };
    await world.ports.files.open(fileWith({ fileId: 'ready', state: 'ready', told: 'closed', away }));
    await world.ports.files.open(fileWith({ fileId: 'recorded', state: 'recording', away }));
    world.clock.pass(59);
    await sweep(world.ports);
    expect(world.sent.retries).toEqual([]);
    world.clock.pass(2);
    await sweep(world.ports);
    const queued = [{ recordId: 'rec_1', fileId: 'ready', dueAt: world.clock.at(15 * 60) }];
    expect(world.sent.retries).toEqual(queued);
    expect((await world.ports.files.get('rec_1', 'ready'))?.away?.dueAt).toBe(queued[0]?.dueAt);
    world.clock.pass(60);
    await sweep(world.ports);
    expect(world.sent.retries).toEqual(queued);
    world.clock.pass(15 * 60);
    await sweep(world.ports);
    expect(world.sent.retries).toHaveLength(2);
  });
});

describe('the sweep', () => {
  const notice: Notice = {
    type: 'recording.started',
    noticeId: 'n',
    at: START,
    recordId: 'rec_1',
    stream: KEY,
    recording: summaryOf(recordingWith()),
  };

  it('queues notices again that should have been published', async () => {
    await world.ports.notices.add(notice);
    world.clock.pass(59);
    await sweep(world.ports);
    expect(world.sent.completions).toEqual([]);
    world.clock.pass(2);
    await sweep(world.ports);
    expect(world.sent.completions).toEqual([{ recordId: 'rec_1', noticeId: 'n' }]);
  });

  it('does everything else when one thing fails, and then says so', async () => {
    const reason = endReason('session-ended');
    await add({ recordId: 'rec_0', state: 'completing', endedAt: START, reason });
    await add({ recordId: 'rec_1', state: 'completing', endedAt: START, reason });
    await world.ports.notices.add(notice);
    world.clock.pass(61);
    const { files } = world.ports;
    const list = (recordId: string) =>
      recordId === 'rec_0' ? Promise.reject(new Error('broken')) : files.list(recordId);
    await expect(sweep({ ...world.ports, files: { ...files, list } })).rejects.toThrow(AggregateError);
    expect((await recordingNow('rec_1'))?.state).toBe('failed');
    expect(world.sent.completions).toContainEqual({ recordId: 'rec_1', noticeId: 'n' });
    expect(world.counted).toContain('SweepsFailed');
  });
});
