import { beforeEach, describe, expect, it, vi } from 'vitest';
import { hashSecret } from '../../shared/auth/secrets.ts';
import { orphansOf } from '../../shared/post-processing/queue.ts';
import { stepReason } from '../../shared/post-processing/reasons.ts';
import { aRemoteStep, aRun } from '../../shared/post-processing/run.fixture.ts';
import type { RemoteStep } from '../../shared/post-processing/step-kinds.ts';
import { transitionRun } from '../../shared/post-processing/transition.ts';
import { endReason } from '../../shared/recordings/end-reason.ts';
import type { Run, RunStep } from '../../shared/schemas/post-processing.ts';
import { useTable } from '../../test/support/table.ts';
import { createWorld, fileWith, recordingWith, type World } from '../common/world.fixture.ts';
import { lookAfterRuns } from '../sweeper/overdue-runs.ts';
import type { Begun, Job, Performer, Standing, Task } from './performers/performer.ts';
import { createSeeTo, LEASE_SECONDS, MOST_STOP_LOOKS } from './see-to.ts';

const table = useTable();

/** Others, who note what they are asked for. */
const createOthers = () => {
  const begun: Task[] = [];
  const stopped: Job[] = [];
  const answers = {
    begin: async (_: Task): Promise<Begun> => ({ type: 'begun', jobId: 'job-1' }),
    ask: async (_: Job): Promise<Standing> => ({ type: 'underway' }),
  };
  const performer: Performer = {
    begin: (task) => {
      begun.push(task);
      return answers.begin(task);
    },
    ask: (job) => answers.ask(job),
    stop: async (job) => void stopped.push(job),
  };
  return { begun, stopped, answers, performer };
};

let runs = 0;
let world: World;
let others: ReturnType<typeof createOthers>;
let ports: Parameters<typeof createSeeTo>[0];
let handler: ReturnType<typeof createSeeTo>;
beforeEach(() => {
  runs += 1;
  world = createWorld(table);
  others = createOthers();
  const { performer } = others;
  let tokens = 0;
  ports = {
    ...world.ports,
    spool: { bucket: 'spool', region: 'eu-central-1' },
    performers: {
      lambda: { begin: performer.begin } as Performer<'lambda'>,
      'step-functions': performer as never,
      mediaconvert: performer as never,
    },
    allowed: {
      functions: ['arn:aws:lambda:eu-central-1:123456789012:function:index'],
      stateMachines: ['arn:aws:states:eu-central-1:123456789012:stateMachine:review'],
      jobTemplates: ['ladder'],
    },
    newToken: () => {
      tokens += 1;
      return `token-${tokens}`;
    },
  };
  handler = createSeeTo(ports);
});

/** A run of one such step on an MP4 file, and another one beside it. */
const setUp = async (
  kind: RemoteStep['kind'] = 'mediaconvert',
  more: readonly RunStep[] = [],
): Promise<Run> => {
  const recordId = `rec_${runs}`;
  const reason = endReason('session-ended');
  await ports.recordings.create(
    recordingWith({ recordId, state: 'completed', endedAt: world.clock.at(), reason }),
  );
  const file = fileWith({
    recordId,
    fileId: '0001-mp4-0001',
    state: 'ready',
    sizeBytes: 1000,
    durationSeconds: 8,
  });
  await world.ports.files.open(file);
  const steps = [aRemoteStep(kind, 'made'), aRemoteStep('lambda', 'other'), ...more];
  const run = aRun(undefined, { recordId, createdAt: world.clock.at(), steps });
  await ports.runs.create(run);
  return run;
};
const job = ({ recordId, runId }: Run, attempt = 0) => ({ recordId, runId, step: 'made', attempt });
const now = async ({ recordId, runId }: Run): Promise<RunStep> =>
  (await ports.runs.get(recordId, runId))?.steps[0] as RunStep;
const sweep = () => lookAfterRuns(ports as never);
/** What is queued for this step, each once. */
const takeQueued = ({ recordId }: Run) =>
  world.sent.remoteSteps.splice(0).filter((one) => one.step === 'made' && one.recordId === recordId);
const cancel = (run: Run) => transitionRun(ports, run, { type: 'cancel', at: world.clock.at() });

describe('A step that others do', () => {
  it('is handed over once, with what it takes, however often its job comes', async () => {
    const run = await setUp();
    others.answers.ask = () => Promise.reject(new Error('It was asked at once'));
    await handler.seeTo(job(run));
    await handler.seeTo(job(run));
    expect(others.begun).toHaveLength(1);
    expect(others.begun[0]).toMatchObject({
      name: { recordId: run.recordId, runId: run.runId, step: 'made', attempt: 1 },
      inputs: [{ format: 'mp4', key: 'demo/1.mp4', bucket: { bucket: 'recordings' } }],
      isAgain: false,
    });
    expect(await now(run)).toMatchObject({ state: 'running', remote: { jobId: 'job-1' } });
  });

  it('succeeds by what is told of its try, once, and leaves its neighbour alone', async () => {
    const run = await setUp();
    await handler.seeTo(job(run));
    const name = { recordId: run.recordId, runId: run.runId, step: 'made', attempt: 1 };
    const files = [{ bucket: 'recordings', key: 'show-made/a.mp4' }];
    await handler.tell({ ...name, attempt: 2 }, { type: 'succeeded', files: [] });
    expect((await now(run)).state).toBe('running');
    await handler.tell(name, { type: 'succeeded', files });
    const reason = stepReason('told-failed');
    await handler.tell(name, { type: 'failed', reason, final: true });
    expect(await now(run)).toMatchObject({ state: 'succeeded', files });
    expect((await ports.runs.get(run.recordId, run.runId))?.steps[1]?.state).toBe('pending');
  });

  it('has a token of which only the hash is kept, and a new one when it is handed over again', async () => {
    const run = await setUp('lambda');
    others.answers.begin = () => Promise.reject(new Error('no answer'));
    await expect(handler.seeTo(job(run))).rejects.toThrow('no answer');
    others.answers.begin = async () => ({ type: 'begun' });
    world.clock.pass(LEASE_SECONDS + 1);
    await handler.seeTo(job(run));
    expect(others.begun.map(({ token, isAgain }) => [token, isAgain])).toEqual([
      ['token-1', false],
      ['token-2', true],
    ]);
    const step = await now(run);
    expect(step).toMatchObject({ attempt: 1, failures: 0 });
    expect(step.remote?.tokenHashes).toEqual(['token-1', 'token-2'].map(hashSecret));
    expect(JSON.stringify(step)).not.toContain('token-1"');
  });

  it('is handed over by the sweeper’s job when whoever had it crashed between', async () => {
    const run = await setUp();
    const crashed = Promise.withResolvers<void>();
    others.answers.begin = () => {
      crashed.resolve();
      return new Promise(() => undefined);
    };
    void handler.seeTo(job(run));
    await crashed.promise;
    others.answers.begin = async () => ({ type: 'begun', jobId: 'job-1' });
    world.clock.pass(LEASE_SECONDS + 1);
    await sweep();
    const queued = takeQueued(run);
    expect(queued).toMatchObject([{ attempt: 0 }]);
    for (const one of queued) await handler.seeTo(one);
    expect(others.begun.map(({ name, isAgain }) => [name.attempt, isAgain])).toEqual([
      [1, false],
      [1, true],
    ]);
    expect(await now(run)).toMatchObject({ failures: 0, remote: { jobId: 'job-1' } });
  });

  it('is not tried under another name while it may have been begun under the first one', async () => {
    const run = await setUp();
    others.answers.begin = () => Promise.reject(new Error('no answer'));
    await expect(handler.seeTo(job(run))).rejects.toThrow('no answer');
    world.clock.pass(LEASE_SECONDS + 1);
    const throttled = stepReason('not-taken', 'ThrottlingException');
    others.answers.begin = async () => ({ type: 'refused', reason: throttled, final: false });
    await expect(handler.seeTo(job(run))).rejects.toThrow('ThrottlingException');
    expect(await now(run)).toMatchObject({ state: 'running', attempt: 1, failures: 0 });
    world.clock.pass(LEASE_SECONDS + 1);
    others.answers.begin = async () => ({ type: 'refused', reason: throttled, final: true });
    await handler.seeTo(job(run));
    expect((await now(run)).state).toBe('failed');
    expect(others.stopped).toMatchObject([{ name: { attempt: 1 } }]);
  });

  it('is asked about when its event was lost', async () => {
    const run = await setUp();
    await handler.seeTo(job(run));
    world.clock.pass(601);
    await sweep();
    const files = [{ bucket: 'recordings', key: 'show-made/a.mp4' }];
    others.answers.ask = async ({ jobId }) => {
      expect(jobId).toBe('job-1');
      return { type: 'succeeded', files };
    };
    for (const one of takeQueued(run)) await handler.seeTo(one);
    expect(await now(run)).toMatchObject({ state: 'succeeded', files });
  });

  it('is tried again, under another name, when it failed, and no more when that is no use', async () => {
    const run = await setUp();
    await handler.seeTo(job(run));
    const name = { recordId: run.recordId, runId: run.runId, step: 'made', attempt: 1 };
    await handler.tell(name, { type: 'failed', reason: stepReason('told-failed'), final: false });
    expect(takeQueued(run)).toMatchObject([{ attempt: 1, delaySeconds: 10 }]);
    await handler.seeTo(job(run, 1));
    expect(others.begun.map((task) => task.name.attempt)).toEqual([1, 2]);
    await handler.tell(
      { ...name, attempt: 2 },
      { type: 'failed', reason: stepReason('stopped-elsewhere'), final: true },
    );
    expect(await now(run)).toMatchObject({ state: 'failed', reason: { code: 'stopped-elsewhere' } });
  });

  it('times out, and is stopped before it is tried again', async () => {
    const run = await setUp();
    await handler.seeTo(job(run));
    world.clock.pass(3601);
    await sweep();
    const [again, stop] = takeQueued(run);
    expect([again, stop]).toMatchObject([{ attempt: 1 }, { attempt: 1, stop: true }]);
    if (stop !== undefined) await handler.seeTo(stop);
    expect(others.stopped).toMatchObject([{ jobId: 'job-1', name: { attempt: 1 } }]);
    expect((await now(run)).abandoned).toBeUndefined();
  });

  it('that is cancelled is stopped, also when the job of that was lost', async () => {
    const run = await setUp();
    await handler.seeTo(job(run));
    await cancel(run);
    expect(takeQueued(run)).toMatchObject([{ stop: true }]);
    world.clock.pass(61);
    await sweep();
    for (const one of takeQueued(run)) await handler.seeTo(one);
    expect(others.stopped).toHaveLength(1);
    world.clock.pass(3600);
    await sweep();
    expect(takeQueued(run)).toEqual([]);
  });

  it('that refuses to be stopped is given up in the end, and said to be', async () => {
    const run = await setUp();
    await handler.seeTo(job(run));
    await cancel(run);
    const [errors, refusal] = [vi.spyOn(ports.telemetry.log, 'error'), new Error('AccessDenied')];
    others.performer.stop = () => Promise.reject(refusal);
    for (const one of takeQueued(run)) await expect(handler.seeTo(one)).rejects.toThrow(refusal);
    let looks = 0;
    while ((await now(run)).abandoned !== undefined && looks <= MOST_STOP_LOOKS) {
      world.clock.pass(3601);
      await sweep();
      for (const one of takeQueued(run)) await handler.seeTo(one).catch(() => undefined);
      looks += 1;
    }
    expect(looks).toBe(MOST_STOP_LOOKS);
    expect(errors).toHaveBeenCalledWith(expect.stringContaining('could not be stopped'), {
      ...{ recordId: run.recordId, runId: run.runId, step: 'made', attempt: 1 },
      ...{ jobId: 'job-1', cause: refusal },
    });
    world.clock.pass(7200);
    await sweep();
    expect(takeQueued(run)).toEqual([]);
  });

  it('gives the next one only what is in its own folder', async () => {
    const run = await setUp('mediaconvert', [aRemoteStep('step-functions', 'next', 'made')]);
    await handler.seeTo(job(run));
    const name = { recordId: run.recordId, runId: run.runId, step: 'made', attempt: 1 };
    const keys = ['show-made/a.mp4', 'show-made-too/a.mp4', 'secret/b.mp4'];
    const files = [
      ...keys.map((key) => ({ bucket: 'recordings', key })),
      { bucket: 'other', key: 'show-made/a.mp4' },
    ];
    await handler.tell(name, { type: 'succeeded', files });
    await handler.seeTo({ ...job(run), step: 'next' });
    expect(others.begun[1]?.inputs.map(({ bucket, key }) => [bucket.bucket, key])).toEqual([
      ['recordings', 'show-made/a.mp4'],
    ]);
  });

  it('is stopped also when its run has been forgotten', async () => {
    const run = await setUp();
    await handler.seeTo(job(run));
    const known = await ports.runs.get(run.recordId, run.runId);
    await ports.runs.remove(run.recordId, run.runId);
    for (const orphan of known === undefined ? [] : orphansOf(known)) await handler.seeTo(orphan);
    expect(others.stopped).toMatchObject([{ jobId: 'job-1', name: { attempt: 1 } }]);
  });

  it('that is cancelled while it is being begun is stopped by whoever has begun it', async () => {
    const run = await setUp();
    others.answers.begin = async () => {
      await cancel(run);
      return { type: 'begun', jobId: 'job-9' };
    };
    await handler.seeTo(job(run));
    expect(others.stopped).toMatchObject([{ jobId: 'job-9' }]);
    expect((await now(run)).state).toBe('cancelled');
  });

  it('fails for good when the deployment does not allow it, and says what it does allow', async () => {
    const run = await setUp();
    handler = createSeeTo({
      ...ports,
      allowed: { functions: [], stateMachines: [], jobTemplates: ['other'] },
    });
    await handler.seeTo(job(run));
    expect(others.begun).toEqual([]);
    expect(await now(run)).toMatchObject({ state: 'failed', reason: { code: 'not-allowed' } });
    expect((await now(run)).reason?.text).toContain("must be one of the deployment's jobTemplates: other");
  });

  it('is tried again when it was not taken', async () => {
    const run = await setUp();
    const reason = stepReason('not-taken', 'ThrottlingException');
    others.answers.begin = async () => ({ type: 'refused', reason, final: false });
    await handler.seeTo(job(run));
    expect(await now(run)).toMatchObject({ state: 'pending', failures: 1, reason: { code: 'not-taken' } });
  });

  it('fails when what it takes has been deleted', async () => {
    const run = await setUp();
    await world.ports.files.remove(run.recordId, run.fileId ?? '');
    await handler.seeTo(job(run));
    expect(await now(run)).toMatchObject({ state: 'failed', reason: { code: 'input-missing' } });
  });

  it('is handed over to nobody when the retention time of its recording is over', async () => {
    const run = await setUp();
    const recording = await ports.recordings.get(run.recordId);
    if (recording === undefined) throw new Error('There is no recording');
    const expired = { ...recording, expiredAt: world.clock.at(), revision: recording.revision + 1 };
    expect(await ports.recordings.replace(expired)).toBe(true);
    await handler.seeTo(job(run));
    expect(others.begun).toEqual([]);
    expect(await now(run)).toMatchObject({ state: 'failed', reason: { code: 'input-missing' } });
  });
});
