import { afterAll, beforeAll, expect, it } from 'vitest';
import { createOrchestrations } from '../../shared/config/orchestrations.ts';
import type { RemoteStepJob } from '../../shared/post-processing/queue.ts';
import { executionNameOf } from '../../shared/post-processing/tries.ts';
import { fileNotice } from '../../shared/recordings/transition.ts';
import { orchestrationInputSchema } from '../../shared/schemas/orchestration.ts';
import { createMemoryObjectStore } from '../../shared/storage/memory-object-store.ts';
import { ALLOWED, startApi, type TestApi } from '../../test/support/api.ts';
import { createWorld, fileWith, planWith, recordingWith } from '../common/world.fixture.ts';
import { createStartRuns } from '../completion/start-runs.ts';
import { executionEventSchema, mediaConvertEventSchema } from './events.ts';
import { createOnEvent } from './on-event.ts';
import { createLambdaPerformer } from './performers/lambda.ts';
import { createMediaConvertPerformer } from './performers/media-convert.ts';
import { createStepFunctionsPerformer } from './performers/step-functions.ts';
import { clientThat } from './performers/task.fixture.ts';
import { createSeeTo } from './see-to.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const STEPS = [
  { kind: 'mediaconvert', name: 'ladder', jobTemplate: ALLOWED.jobTemplates[0] },
  { kind: 'lambda', name: 'index', input: 'ladder', functionArn: ALLOWED.functions[0] },
  { kind: 'step-functions', name: 'review', input: 'index', stateMachineArn: ALLOWED.stateMachines[0] },
];

it('A run goes from MediaConvert to a function to a state machine, by events and an answer, and is told of', async () => {
  const { ports, sent } = createWorld(api.table);
  const mediaConvert = clientThat(({ constructor: { name } }) =>
    name === 'CreateJobCommand'
      ? { Job: { Id: 'job-1' } }
      : {
          JobTemplate: {
            Settings: { OutputGroups: [{ OutputGroupSettings: { Type: 'FILE_GROUP_SETTINGS' } }] },
          },
        },
  );
  const [lambda, sfn] = [clientThat(() => ({})), clientThat(() => ({}))];
  const store = createMemoryObjectStore();
  const common = { storeOf: () => store, environment: {} };
  const { seeTo, tell } = createSeeTo({
    ...ports,
    spool: { bucket: 'spool', region: 'eu-central-1' },
    performers: {
      lambda: createLambdaPerformer({ ...common, clientOf: () => lambda.client, apiUrl: '' }),
      'step-functions': createStepFunctionsPerformer({ ...common, client: sfn.client }),
      mediaconvert: createMediaConvertPerformer({
        ...{ ...common, client: mediaConvert.client, role: 'role', deployment: 'streamkeep' },
      }),
    },
    allowed: ALLOWED,
    newToken: () => 'token-1',
  });
  const onEvent = createOnEvent({
    tell,
    runs: ports.runs,
    describe: () => Promise.reject(new Error('asked')),
  });
  const orchestrations = createOrchestrations(api.table);
  const made = await orchestrations.create(orchestrationInputSchema.parse({ name: 'archive', steps: STEPS }));
  if (made.type !== 'created') throw new Error(made.type);
  const { orchestrationId } = made.orchestration;
  const recording = recordingWith({ plan: { ...planWith(), postProcessing: { mp4: orchestrationId } } });
  await ports.recordings.create(recording);
  const file = fileWith({
    state: 'ready',
    sizeBytes: 1000,
    durationSeconds: 8,
    readyAt: recording.startedAt,
  });
  await ports.files.open(file);
  const startRuns = createStartRuns({ ...ports, orchestrations, storages: { get: async () => undefined } });
  await startRuns.forNotice(fileNotice(recording, file, 'file.ready'));
  /** Every job twice, as the queue may have it. */
  const work = async (queued: RemoteStepJob[]): Promise<void> => {
    for (const job of queued.splice(0)) {
      await seeTo(job);
      await seeTo(job);
    }
  };
  const twice = async (act: () => Promise<unknown>): Promise<void> => {
    await act();
    await act();
  };

  await work(sent.remoteSteps);
  const job = mediaConvert.sent.find(({ name }) => name === 'CreateJobCommand')?.input;
  const complete = mediaConvertEventSchema.parse({
    source: 'aws.mediaconvert',
    'detail-type': 'MediaConvert Job State Change',
    detail: {
      ...{ jobId: 'job-1', status: 'COMPLETE', userMetadata: job?.UserMetadata },
      outputGroupDetails: [
        {
          outputDetails: [
            { outputFilePaths: ['s3://recordings/demo/1-mp4-ladder/1.mp4'], durationInMs: 8000 },
          ],
        },
      ],
    },
  });
  await twice(() => onEvent(complete));

  await work(sent.remoteSteps);
  const payload = JSON.parse(Buffer.from(lambda.sent[0]?.input.Payload as Uint8Array).toString());
  expect(payload.inputs).toMatchObject([{ bucket: 'recordings', key: 'demo/1-mp4-ladder/1.mp4' }]);
  const { url, token } = payload.result;
  const body = { token, status: 'succeeded', files: [{ key: `${payload.output.prefix}labels.json` }] };
  await twice(async () => {
    const { status, text } = await api.call('POST', url, { token: null, body });
    expect(status, text).toBe(200);
  });

  await work(api.sent.remoteSteps);
  const { name, input } = { ...sfn.sent[0]?.input };
  const over = executionEventSchema.parse({
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    detail: { executionArn: 'arn', name, status: 'SUCCEEDED', input, output: '{"verdict":"good"}' },
  });
  await twice(() => onEvent(over));

  expect([mediaConvert.sent.length, lambda.sent.length, sfn.sent.length]).toEqual([2, 1, 1]);
  const [run] = (await ports.runs.page('rec_1')).items;
  expect(run?.state).toBe('succeeded');
  const review = { recordId: 'rec_1', runId: run?.runId ?? '', step: 'review', attempt: 1 };
  expect(name).toBe(executionNameOf(review));
  expect(run?.steps.map(({ files }) => files?.map(({ key }) => key))).toEqual([
    ['demo/1-mp4-ladder/1.mp4'],
    ['demo/1-mp4-index/labels.json'],
    [],
  ]);
  const notices = sent.completions.map((one) => ('noticeId' in one ? one.noticeId : ''));
  expect(notices).toEqual([`post-processing.finished.${run?.runId}.0`]);
});
