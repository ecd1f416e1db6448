import { afterAll, beforeAll, expect, it } from 'vitest';
import { decide } from '../../shared/post-processing/machine.ts';
import { aRun } from '../../shared/post-processing/run.fixture.ts';
import { at } from '../../shared/recordings/recording.fixture.ts';
import type { Recording } from '../../shared/schemas/recording.ts';
import { createRecordings } from '../../shared/table/recordings.ts';
import { createRuns } from '../../shared/table/runs.ts';
import { startApi, type TestApi } from '../../test/support/api.ts';
import { recordingWith } from '../common/world.fixture.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

/** Asks for a cancelled run of such a recording to be run again. */
const runAgain = async (recordId: string, changes: Partial<Recording>) => {
  await createRecordings(api.table).create(recordingWith({ recordId, state: 'completed', ...changes }));
  const cancelled = decide(aRun(undefined, { recordId }), { type: 'cancel', at: at(10) });
  if (cancelled.type === 'ignored') throw new Error('It was not cancelled');
  await createRuns(api.table).create(cancelled.next);
  const { status } = await api.call('POST', `/v1/recordings/${recordId}/post-processing/run_1/run-again`);
  return { status, state: (await createRuns(api.table).get(recordId, 'run_1'))?.state };
};

it('a run can be run again as long as what was recorded is there', async () => {
  expect(await runAgain('there', {})).toEqual({ status: 200, state: 'running' });
});

it.each<[string, Partial<Recording>]>([
  ['expired', { expiredAt: at(9) }],
  ['being-deleted', { deletion: { objects: true, record: true, at: at(9), dueAt: at(99), failures: 0 } }],
])('a run of a recording that is %s cannot be run again', async (recordId, changes) => {
  expect(await runAgain(recordId, changes)).toEqual({ status: 409, state: 'cancelled' });
});
