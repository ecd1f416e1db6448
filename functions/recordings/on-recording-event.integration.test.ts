import { beforeEach, describe, expect, it } from 'vitest';
import type { Notice } from '../../shared/events/notices.ts';
import type { RecordingEvent } from '../../shared/events/recording-events.ts';
import { endReason } from '../../shared/recordings/end-reason.ts';
import { transition } from '../../shared/recordings/transition.ts';
import { useTable } from '../../test/support/table.ts';
import {
  createWorld,
  fileWith,
  KEY,
  planWith,
  recordingWith,
  START,
  type World,
} from '../common/world.fixture.ts';
import { sweep } from '../sweeper/sweep.ts';
import { createRecordingEventHandler } from './on-recording-event.ts';

const table = useTable();
let world: World;
let recordId: string;
let stream: string;
let handle: (event: RecordingEvent) => Promise<void>;
let number = 0;

beforeEach(() => {
  world = createWorld(table);
  number += 1;
  recordId = `rec_${number}`;
  stream = `demo-${number}`;
  handle = createRecordingEventHandler(world.ports);
});

const begin = async ({ live = true, resumptionTimeout = 0 } = {}): Promise<void> => {
  await world.ports.streams.replace(
    { ...KEY, stream, sessionId: 'ses_1', clientId: 'a', live, startedAt: START, recordIds: [recordId] },
    undefined,
  );
  await world.ports.recordings.create(recordingWith({ recordId, stream, plan: planWith(resumptionTimeout) }));
  await world.ports.recordings.claim(recordId, 0, 'rcd_1');
  await world.ports.recordings.nextCapture(recordId, 1);
};

const base = () => ({ recordId, epoch: 1, capture: 1, at: world.clock.at() });
const captureStarted = (): RecordingEvent => ({
  type: 'capture.started',
  ...base(),
  recorderId: 'rcd_1',
  media: { videoCodec: 'h264', width: 1280, height: 720 },
});
const captureEnded = (code: Parameters<typeof endReason>[0] = 'session-ended'): RecordingEvent => ({
  type: 'capture.ended',
  ...base(),
  reason: endReason(code),
});
const file = (type: 'file.opened' | 'file.closed', fileId: string): RecordingEvent => ({
  type,
  ...base(),
  fileId,
});

const recordingNow = () => world.ports.recordings.get(recordId);
const noticesNow = async () => {
  const due = await world.ports.notices.overdue(new Date('2027-01-01T00:00:00.000Z'), 1000);
  return due.filter((notice) => notice.recordId === recordId).map(({ noticeId }) => noticeId);
};

describe('what recorders tell of a recording', () => {
  it('sets the media and announces the start, once', async () => {
    await begin();
    await handle(captureStarted());
    const once = await recordingNow();
    expect(once?.media).toEqual({ videoCodec: 'h264', width: 1280, height: 720 });
    await handle(captureStarted());
    expect(await recordingNow()).toEqual(once);
    expect(await noticesNow()).toEqual(['recording.started']);
  });

  it('announces the start with a later capture when the first one brought nothing', async () => {
    await begin();
    await handle({ ...captureStarted(), capture: 2 });
    await handle({ ...captureStarted(), capture: 3 });
    expect(await noticesNow()).toEqual(['recording.started']);
    expect(world.sent.completions).toEqual([{ recordId, noticeId: 'recording.started' }]);
  });

  it('announces files as they are opened and closed', async () => {
    await begin();
    await world.ports.files.open(fileWith({ recordId, fileId: '1' }));
    await handle(file('file.opened', '1'));
    await world.ports.files.write(
      fileWith({ recordId, fileId: '1', state: 'ready', readyAt: world.clock.at(9) }),
    );
    await handle(file('file.closed', '1'));
    expect(await noticesNow()).toEqual(['file.opened.1', 'file.ready.1']);
    expect(await world.ports.notices.get(recordId, 'file.opened.1')).toMatchObject({
      file: { state: 'recording' },
    });
    expect(await world.ports.notices.get(recordId, 'file.ready.1')).toMatchObject({ at: world.clock.at(9) });
  });

  it('announces both when the event of a file’s opening was lost, or comes after that of its end', async () => {
    await begin();
    await world.ports.files.open(fileWith({ recordId, fileId: '1' }));
    await world.ports.files.write(
      fileWith({ recordId, fileId: '1', state: 'ready', readyAt: world.clock.at(9) }),
    );
    await handle(file('file.closed', '1'));
    expect(await noticesNow()).toEqual(['file.opened.1', 'file.ready.1']);
    for (const noticeId of await noticesNow()) await world.ports.notices.remove(recordId, noticeId);
    await handle(file('file.opened', '1'));
    await handle(file('file.closed', '1'));
    expect(await noticesNow()).toEqual([]);
  });

  it('owes the notices of a file until they stand in the table', async () => {
    const untold = async () =>
      (await world.ports.files.untold(new Date('2027-01-01T00:00:00.000Z'), 100)).filter(
        (found) => found.recordId === recordId,
      );
    await begin();
    await world.ports.files.open(fileWith({ recordId, fileId: '1' }));
    const broken = createRecordingEventHandler({
      ...world.ports,
      notices: { ...world.ports.notices, add: () => Promise.reject(new Error('the table is away')) },
    });
    await expect(broken(file('file.opened', '1'))).rejects.toThrow('away');
    expect(await untold()).toHaveLength(1);
    await handle(file('file.opened', '1'));
    expect(await untold()).toEqual([]);
  });

  it('completes the recording when the session is over and every file is closed', async () => {
    await begin({ live: false });
    await world.ports.files.open(fileWith({ recordId, fileId: '1' }));
    await world.ports.files.write(fileWith({ recordId, fileId: '1', state: 'ready' }));
    await handle(captureEnded());
    expect(await recordingNow()).toMatchObject({ state: 'completed', reason: { code: 'session-ended' } });
    expect(await noticesNow()).toEqual(['recording.ended']);
    expect(world.sent.completions).toEqual([{ recordId, noticeId: 'recording.ended' }]);
  });

  it('completes the recording while a file waits for its storage, and announces it when it is ready', async () => {
    await begin({ live: false });
    const waiting = fileWith({ recordId, fileId: '1', state: 'waiting' });
    await world.ports.files.open(waiting);
    await handle(captureEnded());
    expect(await recordingNow()).toMatchObject({ state: 'completed' });
    await handle(file('file.closed', '1'));
    expect(new Set(await noticesNow())).toEqual(new Set(['recording.ended', 'file.opened.1']));
    await world.ports.files.replace({ ...waiting, state: 'ready', readyAt: world.clock.at(9) }, waiting);
    await handle(file('file.closed', '1'));
    expect((await noticesNow()).at(-1)).toBe('file.ready.1');
    for (const noticeId of await noticesNow()) await world.ports.notices.remove(recordId, noticeId);
    await handle(file('file.closed', '1'));
    expect(await noticesNow()).toEqual([]);
    expect((await recordingNow())?.state).toBe('completed');
  });

  it('owes the manifest of a completed recording when a file fails that was waiting', async () => {
    await begin({ live: false });
    const [ready, waiting] = [
      fileWith({ recordId, fileId: '1', state: 'ready' }),
      fileWith({ recordId, fileId: '2', state: 'waiting' }),
    ];
    for (const one of [ready, waiting]) await world.ports.files.open(one);
    await handle(captureEnded());
    await handle(file('file.closed', '1'));
    expect(await world.ports.manifests.get(recordId)).toBeUndefined();
    await world.ports.files.replace({ ...waiting, state: 'failed' }, waiting);
    await handle(file('file.closed', '2'));
    expect(await world.ports.manifests.get(recordId)).toMatchObject({ dueAt: world.clock.at(), failures: 0 });
  });

  it('has files closed that were left open, and completes with the last of them', async () => {
    await begin({ live: false });
    for (const fileId of ['1', '2']) await world.ports.files.open(fileWith({ recordId, fileId }));
    await handle(captureEnded());
    expect(world.sent.retries).toEqual([
      { recordId, fileId: '1' },
      { recordId, fileId: '2' },
    ]);
    for (const [fileId, state] of [
      ['1', 'completing'],
      ['2', 'completed'],
    ] as const) {
      await world.ports.files.write(fileWith({ recordId, fileId, state: 'ready' }));
      await handle(file('file.closed', fileId));
      expect((await recordingNow())?.state).toBe(state);
    }
  });

  it('waits for the stream to come back, and does not wait again when told twice', async () => {
    await begin({ live: false, resumptionTimeout: 30 });
    await handle(captureEnded());
    const paused = await recordingNow();
    expect(paused).toMatchObject({ state: 'paused', pausedUntil: world.clock.at(30) });
    world.clock.pass(10);
    await handle(captureEnded());
    expect(await recordingNow()).toEqual(paused);
  });

  it('goes on at once when the stream came back before its recorder had finished', async () => {
    await begin({ resumptionTimeout: 30 });
    await handle(captureEnded());
    expect(await recordingNow()).toMatchObject({ state: 'recording', epoch: 1 });
    expect(world.sent.jobs).toEqual([{ recordId, epoch: 1 }]);
  });

  it('sees a session that came back while the decision was being made', async () => {
    await begin({ live: false, resumptionTimeout: 30 });
    const { streams, recordings } = world.ports;
    let isBack = false;
    const racing = createRecordingEventHandler({
      ...world.ports,
      streams: {
        ...streams,
        get: async (key) => {
          const seen = await streams.get(key);
          if (!isBack && seen !== undefined) {
            isBack = true;
            await streams.replace({ ...seen, live: true, sessionId: 'ses_2' }, seen);
            const recording = await recordings.get(recordId);
            if (recording === undefined) throw new Error('There is no recording');
            await recordings.replace({ ...recording, sessionId: 'ses_2', revision: recording.revision + 1 });
          }
          return seen;
        },
      },
    });
    await racing(captureEnded());
    expect(await recordingNow()).toMatchObject({ state: 'recording', sessionId: 'ses_2' });
    expect(world.sent.jobs).toEqual([{ recordId, epoch: 1 }]);
  });

  it('carries out what follows from a write whose answer was lost', async () => {
    await begin({ live: false });
    const { recordings } = world.ports;
    const unsure = createRecordingEventHandler({
      ...world.ports,
      recordings: { ...recordings, replace: async (next) => (await recordings.replace(next)) && false },
    });
    await world.ports.files.open(fileWith({ recordId, fileId: '1' }));
    await unsure(captureEnded());
    expect(world.sent.retries).toEqual([{ recordId, fileId: '1' }]);
  });

  describe('has the end announced once', () => {
    /** Ends the recording with a table whose writes are these. */
    const endWith = async (
      writes: (recordings: World['ports']['recordings']) => Partial<World['ports']['recordings']>,
      notices: Partial<World['ports']['notices']> = {},
    ): Promise<void> => {
      await begin({ live: false });
      const { ports } = world;
      const recordings = { ...ports.recordings, ...writes(ports.recordings) };
      const ending = createRecordingEventHandler({
        ...ports,
        ...{ recordings, notices: { ...ports.notices, ...notices } },
      });
      await ending(captureEnded()).catch((error: Error) => expect(error.message).toBe('crash'));
    };
    const crash = () => {
      throw new Error('crash');
    };
    const swept = async (): Promise<string[]> => {
      world.clock.pass(61);
      await sweep(world.ports);
      await sweep(world.ports);
      return noticesNow();
    };

    it('when it crashed right after the recording had ended', async () => {
      await endWith(({ replace }) => ({
        replace: async (next) => ((await replace(next)) && next.untold ? crash() : true),
      }));
      expect(await recordingNow()).toMatchObject({ state: 'failed', untold: true });
      expect(await noticesNow()).toEqual([]);
      expect(await swept()).toEqual(['recording.failed']);
      expect(await recordingNow()).not.toHaveProperty('untold');
    });

    it('when it crashed before that was struck off', async () => {
      await endWith(({ replace }) => ({
        replace: async (next) => (next.state === 'failed' && !next.untold ? crash() : replace(next)),
      }));
      expect(await recordingNow()).toMatchObject({ state: 'failed', untold: true });
      expect(await swept()).toEqual(['recording.failed']);
      expect(await recordingNow()).not.toHaveProperty('untold');
    });

    it('when something else of the recording was written in the same moment', async () => {
      let isRefused = false;
      await endWith(({ replace }) => ({
        replace: async (next) => {
          const isFirst = next.state === 'failed' && !next.untold && !isRefused;
          isRefused ||= isFirst;
          return isFirst ? false : replace(next);
        },
      }));
      expect(isRefused).toBe(true);
      expect(await noticesNow()).toEqual(['recording.failed']);
      expect(await recordingNow()).not.toHaveProperty('untold');
    });
  });

  describe('has a pause announced once, and its files closed', () => {
    const crash = () => {
      throw new Error('crash');
    };
    const pauseUntilCrash = async (
      ports: (world: World['ports']) => Partial<World['ports']>,
    ): Promise<void> => {
      await begin({ live: false, resumptionTimeout: 1800 });
      await world.ports.files.open(fileWith({ recordId, fileId: '1' }));
      const pausing = createRecordingEventHandler({ ...world.ports, ...ports(world.ports) });
      await expect(pausing(captureEnded())).rejects.toThrow('crash');
      expect(await recordingNow()).toMatchObject({ state: 'paused', untold: true });
    };
    const PAUSED = `recording.paused.${START}`;

    it('when its message comes again', async () => {
      await pauseUntilCrash(({ queues }) => ({ queues: { ...queues, uploadRetry: crash } }));
      await handle(captureEnded());
      expect(world.sent.retries).toEqual([{ recordId, fileId: '1' }]);
      expect(await noticesNow()).toEqual([PAUSED]);
      expect(await recordingNow()).not.toHaveProperty('untold');
      await handle(captureEnded());
      expect(await noticesNow()).toEqual([PAUSED]);
    });

    it('by the sweeper, when its message is lost', async () => {
      await pauseUntilCrash(({ notices }) => ({ notices: { ...notices, add: crash } }));
      world.clock.pass(61);
      await sweep(world.ports);
      expect(world.sent.retries).toContainEqual({ recordId, fileId: '1' });
      expect(await noticesNow()).toContain(PAUSED);
      expect(await recordingNow()).not.toHaveProperty('untold');
    });

    it('before it goes on, which is announced after that', async () => {
      await pauseUntilCrash(({ notices }) => ({ notices: { ...notices, add: crash } }));
      await transition(world.ports, recordId, {
        ...{ type: 'session.resumed', sessionId: 'ses_2', at: world.clock.at(), isBrief: false },
      });
      expect(world.sent.completions.map((job) => 'noticeId' in job && job.noticeId)).toEqual([
        PAUSED,
        'recording.resumed.ses_2',
      ]);
      expect(await recordingNow()).toMatchObject({ state: 'recording' });
      expect(await recordingNow()).not.toHaveProperty('untold');
    });
  });

  it('still owes what has happened while an earlier notice was struck off', async () => {
    await begin({ live: false, resumptionTimeout: 1800 });
    const { ports } = world;
    const crashing = {
      ...ports,
      notices: {
        ...ports.notices,
        add: async (notice: Notice) => {
          if (notice.type === 'recording.resumed') throw new Error('crash');
          return ports.notices.add(notice);
        },
      },
    };
    let isBack = false;
    const pausing = createRecordingEventHandler({
      ...ports,
      recordings: {
        ...ports.recordings,
        replace: async (next) => {
          if (next.state !== 'paused' || next.untold || isBack) return ports.recordings.replace(next);
          isBack = true;
          const at = world.clock.at();
          const back = { type: 'session.resumed', sessionId: 'ses_2', at, isBrief: false } as const;
          await expect(transition(crashing, recordId, back)).rejects.toThrow('crash');
          return false;
        },
      },
    });
    await pausing(captureEnded());
    expect(await recordingNow()).toMatchObject({ state: 'recording', sessionId: 'ses_2', untold: true });
  });

  it('has a file closed that was opened when it was over', async () => {
    await begin({ live: false });
    await handle(captureEnded());
    expect((await recordingNow())?.state).toBe('failed');
    await world.ports.files.open(fileWith({ recordId, fileId: 'late' }));
    await handle(file('file.opened', 'late'));
    expect(world.sent.retries).toEqual([{ recordId, fileId: 'late' }]);
  });

  it('has no end announced from which another writer has kept the recording', async () => {
    await begin({ live: false });
    const { recordings } = world.ports;
    const late = createRecordingEventHandler({
      ...world.ports,
      recordings: {
        ...recordings,
        replace: async (next) => {
          if (next.state !== 'failed') return recordings.replace(next);
          throw new Error('crash');
        },
      },
    });
    await expect(late(captureEnded())).rejects.toThrow('crash');
    expect((await recordingNow())?.state).toBe('completing');
    expect(await noticesNow()).toEqual([]);
  });

  it('has the task of a recording looked at when that has ended, and not before', async () => {
    await world.ports.recordings.create(recordingWith({ recordId, stream, taskId: 'tsk_1' }));
    await world.ports.recordings.claim(recordId, 0, 'rcd_1');
    for (const fileId of ['1', '2']) await world.ports.files.open(fileWith({ recordId, fileId }));
    await handle(captureEnded('task-ended'));
    for (const fileId of ['1', '2']) {
      expect(world.sent.events).toEqual([]);
      await world.ports.files.write(fileWith({ recordId, fileId, state: 'ready' }));
      await handle(file('file.closed', fileId));
    }
    const key = { ...KEY, stream };
    expect(world.sent.events).toEqual([{ type: 'tasks-changed', key, at: world.clock.at() }]);
  });

  it('ignores the last word of an owner that has lost the recording', async () => {
    await begin();
    const claimed = await recordingNow();
    if (claimed === undefined) throw new Error('There is no recording');
    await world.ports.recordings.replace({
      ...claimed,
      owner: 'rcd_2',
      epoch: 3,
      revision: claimed.revision + 1,
    });
    await handle(captureEnded());
    expect(await recordingNow()).toMatchObject({ state: 'recording', owner: 'rcd_2' });
  });

  it('is late news about a recording that has been deleted', async () => {
    await handle(captureStarted());
    await handle(file('file.closed', '1'));
    expect(world.sent.completions).toEqual([]);
  });

  it('fails, and so comes again, for a file that is not there', async () => {
    await begin();
    await expect(handle(file('file.closed', 'unknown'))).rejects.toThrow('no file');
  });
});
