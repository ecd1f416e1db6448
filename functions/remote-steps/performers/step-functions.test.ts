import { ExecutionAlreadyExists, ExecutionDoesNotExist } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { createStepFunctionsPerformer, executionArnOf, standingOf } from './step-functions.ts';
import { clientThat, jobWith, NAME, serviceError, taskWith } from './task.fixture.ts';

const MACHINE = 'arn:aws:states:eu-central-1:123456789012:stateMachine:review';
const EXECUTION = executionArnOf(MACHINE, NAME);

const setUp = (answer: () => object = () => ({ executionArn: EXECUTION }), environment = {}) => {
  const { sent, client } = clientThat(answer);
  return { sent, performer: createStepFunctionsPerformer({ client, environment }) };
};
const failing = (error: Error) => () => {
  throw error;
};

describe('A state machine', () => {
  it('is started with a name that follows from the try, and so does the ARN of its execution', async () => {
    const { sent, performer } = setUp();
    const task = await taskWith('step-functions', { step: { parameters: { reviewer: 'ada' } } });
    expect(await performer.begin(task)).toEqual({ type: 'begun' });
    await performer.begin(task);
    expect(sent[0]).toEqual(sent[1]);
    const { name, input, ...rest } = { ...sent[0]?.input };
    expect(rest).toEqual({ stateMachineArn: MACHINE });
    expect(name).toMatch(/^streamkeep-made-1-[0-9a-f]{24}$/);
    expect(EXECUTION).toBe(`arn:aws:states:eu-central-1:123456789012:execution:review:${name}`);
    expect(JSON.parse(String(input))).toMatchObject({
      ...NAME,
      inputs: [{ bucket: 'recordings', key: 'demo/1.mp4' }],
      output: { prefix: 'show-made/' },
      parameters: { reviewer: 'ada' },
    });
    const next = await taskWith('step-functions');
    await performer.begin({ ...next, name: { ...NAME, attempt: 2 } });
    expect(sent[2]?.input.name).not.toBe(name);
  });

  it('whose execution exists already has been started before', async () => {
    const error = new ExecutionAlreadyExists({ message: 'it does', $metadata: {} });
    const { performer } = setUp(failing(error));
    expect(await performer.begin(await taskWith('step-functions'))).toEqual({ type: 'begun' });
  });

  it('that may not be started is a failure in plain words', async () => {
    const { performer } = setUp(failing(serviceError('AccessDeniedException')));
    const begun = await performer.begin(await taskWith('step-functions'));
    expect(begun).toMatchObject({ type: 'refused', reason: { code: 'not-taken' }, final: false });
  });

  it.each(['ThrottlingException', 'ExecutionLimitExceeded'])('has not failed by %s', async (name) => {
    const { performer } = setUp(failing(serviceError(name)));
    await expect(performer.begin(await taskWith('step-functions'))).rejects.toThrow(name);
  });

  it('is not looked for at AWS by a run on one machine', async () => {
    const { sent, performer } = setUp(undefined, { AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:1' });
    const begun = await performer.begin(await taskWith('step-functions'));
    expect(begun).toMatchObject({ type: 'refused', reason: { code: 'not-there' }, final: true });
    expect(sent).toEqual([]);
  });
});

describe('An execution', () => {
  it('can be asked about, and is a failure when it is not there', async () => {
    const { sent, performer } = setUp(() => ({ status: 'SUCCEEDED', output: '{}' }));
    const job = await jobWith('step-functions');
    expect(await performer.ask?.(job)).toEqual({ type: 'succeeded', files: [] });
    expect(sent).toEqual([{ name: 'DescribeExecutionCommand', input: { executionArn: EXECUTION } }]);
    const gone = setUp(failing(new ExecutionDoesNotExist({ message: 'no', $metadata: {} })));
    expect(await gone.performer.ask?.(job)).toMatchObject({ type: 'failed', final: false });
  });

  it('can be stopped twice, and when it is not there', async () => {
    const { sent, performer } = setUp();
    const job = await jobWith('step-functions');
    await performer.stop?.(job);
    expect(sent).toMatchObject([{ name: 'StopExecutionCommand', input: { executionArn: EXECUTION } }]);
    const gone = setUp(failing(new ExecutionDoesNotExist({ message: 'no', $metadata: {} })));
    await gone.performer.stop?.(job);
    const denied = setUp(failing(serviceError('AccessDeniedException')));
    await expect(denied.performer.stop?.(job)).rejects.toThrow('AccessDenied');
  });

  it.each([
    ['nothing', '"reviewed"', []],
    ['an object without files', '{"verdict":"good"}', []],
    ['files of its step’s bucket', '{"files":[{"key":"a.json"}]}', [{ bucket: 'recordings', key: 'a.json' }]],
    [
      'files',
      '{"files":[{"bucket":"other","key":"a","sizeBytes":3}]}',
      [{ bucket: 'other', key: 'a', sizeBytes: 3 }],
    ],
  ])('gives as its output %s', (_, output, files) => {
    expect(standingOf({ status: 'SUCCEEDED', output }, 'recordings')).toEqual({ type: 'succeeded', files });
  });

  it('fails the step with an output that names files of another form', () => {
    const standing = standingOf({ status: 'SUCCEEDED', output: '{"files":"a.json"}' }, 'recordings');
    expect(standing).toMatchObject({ type: 'failed', reason: { code: 'result-invalid' } });
  });

  it.each([
    ['FAILED', { type: 'failed', reason: { code: 'told-failed' }, final: false }],
    ['TIMED_OUT', { type: 'failed', reason: { code: 'told-failed' }, final: false }],
    ['ABORTED', { type: 'failed', reason: { code: 'stopped-elsewhere' }, final: true }],
    ['RUNNING', { type: 'underway' }],
    ['PENDING_REDRIVE', { type: 'underway' }],
  ] as const)('that is %s', (status, standing) => {
    expect(standingOf({ status, error: 'Bad.Audio', cause: 'No sound.' }, 'recordings')).toMatchObject(
      standing,
    );
  });
});
