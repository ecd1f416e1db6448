import { beforeEach, describe, expect, it } from 'vitest';
import { useTable } from '../../test/support/table.ts';
import { at, newRecording } from '../recordings/recording.fixture.ts';
import type { Run } from '../schemas/post-processing.ts';
import { createNotices } from '../table/notices.ts';
import { createRecordings } from '../table/recordings.ts';
import { createRuns } from '../table/runs.ts';
import { decide, type RunInput } from './machine.ts';
import { anArtifact, aRun } from './run.fixture.ts';
import { type RunPorts, transitionRun } from './transition.ts';

const table = useTable();

let count = 0;
let run: Run;
let told: string[];
let ports: RunPorts;
const FINISHED = 'post-processing.finished.run_1.0';
const succeeded: RunInput = {
  ...{ type: 'succeeded', step: 'a', claimId: 'c', at: at(2), output: anArtifact('a') },
};

beforeEach(async () => {
  count += 1;
  const recordId = `rec_${count}`;
  told = [];
  ports = {
    runs: createRuns(table),
    recordings: createRecordings(table),
    notices: createNotices(table),
    queues: { completion: async (job) => void told.push('noticeId' in job ? job.noticeId : '') },
    queueStep: async () => undefined,
  };
  await ports.recordings.create(newRecording({ recordId, state: 'completed' }));
  const claim = { step: 'a', attempt: 0, claimId: 'c', at: at(1), leasedUntil: at(31) };
  const claimed = decide(aRun(undefined, { recordId }), { type: 'claim', ...claim });
  if (claimed.type === 'ignored') throw new Error('It was not claimed');
  run = claimed.next;
  await ports.runs.create(run);
});

const owed = () => ports.runs.overdue(new Date(at(3600)), 100);
const noticeIs = async () => (await ports.notices.get(run.recordId, FINISHED))?.type;

describe('The end of a run', () => {
  it('is told once, and then nothing is to come of it', async () => {
    const result = await transitionRun(ports, run, succeeded);
    expect(result).toMatchObject({ changed: true, run: { state: 'succeeded' } });
    expect(await noticeIs()).toBe('post-processing.finished');
    expect(told).toEqual([FINISHED]);
    expect((await owed()).filter(({ recordId }) => recordId === run.recordId)).toEqual([]);
    expect(await ports.runs.get(run.recordId, run.runId)).toEqual(result?.run);
  });

  it('is not told when it was cancelled a moment before', async () => {
    let isFirst = true;
    const replace: RunPorts['runs']['replace'] = async (next) => {
      if (isFirst) {
        isFirst = false;
        await transitionRun(ports, run, { type: 'cancel', at: at(2) });
      }
      return ports.runs.replace(next);
    };
    const slow = { ...ports, runs: { ...ports.runs, replace } };
    expect(await transitionRun(slow, run, succeeded)).toMatchObject({
      ...{ changed: false, run: { state: 'cancelled' } },
    });
    expect(await noticeIs()).toBeUndefined();
    expect(told).toEqual([]);
  });

  it('is told by the sweeper’s look when whoever wrote it crashed', async () => {
    const add = () => Promise.reject(new Error('killed'));
    const mortal = { ...ports, notices: { ...ports.notices, add } };
    await expect(transitionRun(mortal, run, succeeded)).rejects.toThrow('killed');
    expect(await noticeIs()).toBeUndefined();
    const [left] = (await owed()).filter(({ recordId }) => recordId === run.recordId);
    expect(left).toMatchObject({ state: 'succeeded', owes: 'post-processing.finished' });
    await transitionRun(ports, run, { type: 'looked', at: at(100) });
    expect(await noticeIs()).toBe('post-processing.finished');
    expect(told).toEqual([FINISHED]);
    expect((await owed()).filter(({ recordId }) => recordId === run.recordId)).toEqual([]);
  });

  it('is told with what had come of it before it is run again', async () => {
    const add = () => Promise.reject(new Error('killed'));
    const mortal = { ...ports, notices: { ...ports.notices, add } };
    const reason = { cause: 'ours', code: 'step-failed', text: 'The step failed.' } as const;
    const failed: RunInput = { type: 'failed', step: 'a', claimId: 'c', at: at(2), reason, final: true };
    await expect(transitionRun(mortal, run, failed)).rejects.toThrow('killed');
    await transitionRun(ports, run, { type: 'again', at: at(3) });
    expect(told).toEqual(['post-processing.failed.run_1.0']);
    expect(await ports.runs.get(run.recordId, run.runId)).toMatchObject({ state: 'running', round: 1 });
  });
});
