import { beforeEach, describe, expect, it } from 'vitest';
import { useTable } from '../../test/support/table.ts';
import type { Recording } from '../schemas/recording.ts';
import { createFiles } from '../table/files.ts';
import { createNotices } from '../table/notices.ts';
import { createRecorders } from '../table/recorders.ts';
import { createRecordings } from '../table/recordings.ts';
import { endReason } from './end-reason.ts';
import { recordingWith } from './recording.fixture.ts';
import { type StopRecordingPorts, stopRecording } from './stop.ts';
import { transition } from './transition.ts';

const NOW = new Date('2026-11-22T10:01:00.000Z');

const table = useTable();
let number = 0;
let recordId: string;

beforeEach(() => {
  number += 1;
  recordId = `rec_stop_${number}`;
});

const setUp = () => {
  const recorders = createRecorders(table);
  const jobs: unknown[] = [];
  const ports: StopRecordingPorts = {
    recordings: createRecordings(table),
    files: createFiles(table),
    notices: createNotices(table),
    recorders,
    queues: {
      recordJob: async (job) => {
        jobs.push(job);
      },
      completion: async () => undefined,
      uploadRetry: async () => undefined,
    },
    now: () => NOW,
  };
  const add = (changes: Partial<Recording> = {}, resumptionTimeout = 30) => {
    const { owner: _, ...unowned } = recordingWith(resumptionTimeout);
    return ports.recordings.create({ ...unowned, recordId, epoch: 0, revision: 0, ...changes });
  };
  const claim = async (recorderId: string) => {
    await recorders.register(recorderId, 20, NOW);
    return ports.recordings.claim(recordId, 0, recorderId);
  };
  const commands = (recorderId: string) => recorders.heartbeat(recorderId, 1, [], NOW);
  const now = () => ports.recordings.get(recordId);
  const ended = (code: 'recorder-drained' | 'session-ended') =>
    transition(ports, recordId, {
      type: 'capture.ended',
      epoch: 1,
      reason: endReason(code),
      at: NOW.toISOString(),
      now: NOW.toISOString(),
      sessionLive: true,
    });
  return { ports, jobs, add, claim, commands, now, ended };
};

describe('stopping a recording', () => {
  it('ends it at once when nobody has it', async () => {
    const { ports, add, claim, now } = setUp();
    await add();
    expect(await stopRecording(ports, recordId, 'stopped')).toMatchObject({ state: 'completing' });
    expect(await now()).toMatchObject({ state: 'failed', reason: { code: 'stopped' } });
    expect(await claim('rcd_late')).toBeUndefined();
    expect(await stopRecording(ports, recordId, 'stopped')).toMatchObject({ state: 'failed' });
  });

  it('ends it at once while it waits for its stream', async () => {
    const { ports, add, now } = setUp();
    const pausedUntil = '2026-11-22T10:05:00.000Z';
    await add({
      state: 'paused',
      pausedUntil,
      endedAt: NOW.toISOString(),
      reason: endReason('session-ended'),
    });
    await stopRecording(ports, recordId, 'stopped');
    expect(await now()).toMatchObject({ state: 'failed', reason: { code: 'stopped' } });
  });

  it('tells its recorder, each time it is asked for', async () => {
    const { ports, add, claim, commands, now } = setUp();
    await add();
    await claim('rcd_told');
    for (let times = 0; times < 3; times += 1) {
      expect(await stopRecording(ports, recordId, 'stopped')).toMatchObject({ state: 'recording' });
    }
    expect(await commands('rcd_told')).toEqual([{ recordId, stop: 'stopped' }]);
    expect(await now()).toMatchObject({ state: 'recording', stopping: { code: 'stopped' } });
  });

  it('ends it when its recorder is not registered any more, and fences that off', async () => {
    const { ports, add, claim, now } = setUp();
    await add();
    await claim('rcd_gone');
    await createRecorders(table).remove('rcd_gone');
    await stopRecording(ports, recordId, 'stopped');
    expect(await now()).toMatchObject({ state: 'failed', epoch: 2, reason: { code: 'stopped' } });
  });

  it('is not lost when it is claimed in the same moment', async () => {
    const { ports, add, claim, commands, now } = setUp();
    await add();
    const { recordings } = ports;
    let isClaimed = false;
    const replace: typeof recordings.replace = async (next) => {
      if (!isClaimed) {
        isClaimed = true;
        await claim('rcd_fast');
      }
      return recordings.replace(next);
    };
    await stopRecording({ ...ports, recordings: { ...recordings, replace } }, recordId, 'stopped');
    expect(await now()).toMatchObject({ state: 'recording', owner: 'rcd_fast' });
    expect(await commands('rcd_fast')).toEqual([{ recordId, stop: 'stopped' }]);
  });

  it('is not lost when its recorder hands it over before it has read the command', async () => {
    const { ports, jobs, add, claim, now, ended } = setUp();
    await add();
    await claim('rcd_drains');
    const { recorders } = ports;
    const command: typeof recorders.command = async (...given) => {
      await ended('recorder-drained');
      return recorders.command(...given);
    };
    await stopRecording({ ...ports, recorders: { command } }, recordId, 'stopped');
    expect(jobs).toEqual([]);
    expect(await now()).toMatchObject({ state: 'failed', reason: { code: 'stopped' } });
  });

  it('does not make it wait for a stream that ends in the same moment', async () => {
    const { ports, add, claim, now, ended } = setUp();
    await add();
    await claim('rcd_ends');
    await stopRecording(ports, recordId, 'stopped');
    await ended('session-ended');
    expect(await now()).toMatchObject({ state: 'failed', reason: { code: 'session-ended' } });
  });

  it('finds that there is no such recording', async () => {
    expect(await stopRecording(setUp().ports, recordId, 'stopped')).toBeUndefined();
  });
});
