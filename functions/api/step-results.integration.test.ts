import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hashSecret } from '../../shared/auth/secrets.ts';
import { decide, type RunInput } from '../../shared/post-processing/machine.ts';
import { aRemoteStep, aRun } from '../../shared/post-processing/run.fixture.ts';
import { at } from '../../shared/recordings/recording.fixture.ts';
import type { Run } from '../../shared/schemas/post-processing.ts';
import { createRuns } from '../../shared/table/runs.ts';
import { ALLOWED, type Answer, startApi, type TestApi } from '../../test/support/api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const TOKEN = 'one-time-token';
const claim: RunInput = {
  ...{ type: 'claim', step: 'made', attempt: 0, claimId: 'try-1', at: at(0), leasedUntil: at(60) },
  remote: { until: at(3600), tokenHash: hashSecret(TOKEN) },
};

let count = 0;
let run: Run;
beforeEach(async () => {
  count += 1;
  const made = aRun(undefined, {
    ...{ recordId: 'rec_1', runId: `run_${count}` },
    steps: [aRemoteStep('lambda', 'made'), aRemoteStep('step-functions', 'next', 'made')],
  });
  const claimed = decide(made, claim);
  if (claimed.type === 'ignored') throw new Error('It was not claimed');
  run = claimed.next;
  await createRuns(api.table).create(run);
});

const report = (body: object, step = 'made'): Promise<Answer> =>
  api.call('POST', `/v1/recordings/rec_1/post-processing/${run.runId}/steps/${step}/result`, {
    ...{ token: null, body: { token: TOKEN, ...body } },
  });
const steps = async () => (await createRuns(api.table).get('rec_1', run.runId))?.steps ?? [];

describe('Who was handed a step', () => {
  it('says how far it is, and that it is done, and the next step’s turn comes', async () => {
    const progress = await report({ status: 'running', percent: 40 });
    expect([progress.status, progress.json]).toEqual([200, { accepted: true, state: 'running' }]);
    expect((await steps())[0]).toMatchObject({ percent: 40, lookAt: at(3600) });
    const files = [{ key: 'show-made/a.json', sizeBytes: 12 }];
    expect((await report({ status: 'succeeded', files })).json).toEqual({
      accepted: true,
      state: 'succeeded',
    });
    expect((await steps())[0]?.files).toEqual([
      { bucket: 'recordings', key: 'show-made/a.json', sizeBytes: 12 },
    ]);
    expect(api.sent.remoteSteps.at(-1)).toMatchObject({ runId: run.runId, step: 'next', attempt: 0 });
  });

  it('may say it twice, and nothing changes by what comes later', async () => {
    await report({ status: 'succeeded' });
    const before = await steps();
    for (const late of [
      { status: 'succeeded' },
      { status: 'failed', message: 'no' },
      { status: 'running', percent: 1 },
    ]) {
      const { status, json } = await report(late);
      expect([status, json]).toEqual([200, { accepted: false, state: 'succeeded' }]);
    }
    expect(await steps()).toEqual(before);
  });

  it('says that it failed, and whether another try may help', async () => {
    expect((await report({ status: 'failed', message: 'No speech.' })).json).toMatchObject({
      state: 'pending',
    });
    expect((await steps())[0]?.reason).toMatchObject({
      code: 'told-failed',
      text: expect.stringMatching('No speech'),
    });
  });

  it('can make it fail for good', async () => {
    const { json } = await report({ status: 'failed', message: 'No speech.', retry: false });
    expect(json).toEqual({ accepted: true, state: 'failed' });
    expect((await steps())[1]?.state).toBe('skipped');
  });

  it('learns that nobody waits for it when the run was cancelled', async () => {
    await api.call('POST', `/v1/recordings/rec_1/post-processing/${run.runId}/cancel`);
    expect((await report({ status: 'running', percent: 50 })).json).toEqual({
      accepted: false,
      state: 'cancelled',
    });
  });

  it('is nobody without its token, whatever it asks for', async () => {
    const wrong = [report({ status: 'succeeded', token: 'other' }), report({ status: 'succeeded' }, 'next')];
    for (const { status, json } of await Promise.all([...wrong, report({ status: 'succeeded' }, 'none')])) {
      expect([status, json.type]).toEqual([401, 'urn:streamkeep:problem:unauthenticated']);
    }
    expect((await steps())[0]?.state).toBe('running');
  });

  it('has its token shown to nobody', async () => {
    const { text } = await api.call('GET', `/v1/recordings/rec_1/post-processing/${run.runId}`);
    expect(text).not.toContain(hashSecret(TOKEN));
    expect(JSON.stringify(await report({ status: 'later' }))).not.toContain(TOKEN);
  });

  it('has the files that it made shown with the step', async () => {
    const files = [{ bucket: 'other', key: 'a.json' }];
    await report({ status: 'succeeded', files });
    const { json } = await api.call('GET', `/v1/recordings/rec_1/post-processing/${run.runId}`);
    expect(json.steps[0]).toMatchObject({ kind: 'lambda', output: null, files });
  });
});

describe('An orchestration', () => {
  const create = (step: object) =>
    api.call('POST', '/v1/orchestrations', {
      body: { name: `o${count}`, steps: [{ name: 'made', ...step }] },
    });

  it('hands over only to what the deployment allows', async () => {
    const [functionArn] = ALLOWED.functions;
    expect((await create({ kind: 'lambda', functionArn })).status).toBe(201);
    const other = functionArn?.replace('index', 'other');
    const { status, json } = await create({ kind: 'lambda', functionArn: other });
    expect(status).toBe(400);
    expect(json.errors).toEqual([
      {
        ...{ in: 'body', field: 'steps.0.functionArn', given: other },
        message: `must be one of the deployment's lambdaFunctions: ${functionArn}`,
      },
    ]);
  });

  it.each([
    [{ kind: 'lambda', functionArn: 'index' }, 'steps.0.functionArn'],
    [{ kind: 'step-functions', stateMachineArn: `${ALLOWED.stateMachines[0]}:1` }, 'steps.0.stateMachineArn'],
    [{ kind: 'mediaconvert', jobTemplate: 'a b' }, 'steps.0.jobTemplate'],
    [{ kind: 'mediaconvert', jobTemplate: 'ladder', timeoutSeconds: 100_000 }, 'steps.0.timeoutSeconds'],
  ])('is refused with %j', async (step, field) => {
    const { status, json } = await create(step);
    expect([status, json.errors.map((error: { field: string }) => error.field)]).toEqual([400, [field]]);
  });
});
