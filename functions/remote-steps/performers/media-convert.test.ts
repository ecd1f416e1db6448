import type { CreateJobRequest, JobTemplate } from '@aws-sdk/client-mediaconvert';
import { describe, expect, it } from 'vitest';
import { createMemoryObjectStore } from '../../../shared/storage/memory-object-store.ts';
import { createMediaConvertPerformer } from './media-convert.ts';
import { metadataOf } from './media-convert-job.ts';
import { BUCKET, clientThat, jobWith, NAME, serviceError, taskWith } from './task.fixture.ts';

const ROLE = 'arn:aws:iam::123456789012:role/encoder';

/** As `GetJobTemplate` gives one that makes a ladder of HLS and a file. */
const TEMPLATE: JobTemplate = {
  Name: 'ladder',
  Queue: 'arn:aws:mediaconvert:eu-central-1:123456789012:queues/Reserved',
  Priority: 5,
  AccelerationSettings: { Mode: 'PREFERRED' },
  Settings: {
    TimecodeConfig: { Source: 'ZEROBASED' },
    Inputs: [{ TimecodeSource: 'EMBEDDED', AudioSelectors: { one: { DefaultSelection: 'DEFAULT' } } }],
    OutputGroups: [
      {
        Name: 'Apple HLS',
        OutputGroupSettings: {
          Type: 'HLS_GROUP_SETTINGS',
          HlsGroupSettings: { SegmentLength: 6, MinSegmentLength: 0, Destination: 's3://elsewhere/' },
        },
        Outputs: [{ NameModifier: '-720p', Preset: 'hd' }],
      },
      {
        Name: 'File Group',
        OutputGroupSettings: { Type: 'FILE_GROUP_SETTINGS' },
        Outputs: [{ NameModifier: '-file' }],
      },
    ],
  },
};

type Answers = Record<string, (input: Record<string, unknown>) => object>;

const setUp = (answers: Answers = {}, environment = {}) => {
  const all: Answers = {
    GetJobTemplateCommand: () => ({ JobTemplate: TEMPLATE }),
    CreateJobCommand: () => ({ Job: { Id: '1-new' } }),
    ListJobsCommand: () => ({ Jobs: [] }),
    CancelJobCommand: () => ({}),
    ...answers,
  };
  const { sent, client } = clientThat((command) => {
    const answer = all[command.constructor.name];
    if (answer === undefined) throw new Error(`${command.constructor.name} was not expected`);
    return answer({ ...command.input });
  });
  const store = createMemoryObjectStore();
  const performer = createMediaConvertPerformer({
    ...{ client, storeOf: () => store, role: ROLE, deployment: 'streamkeep', environment },
  });
  const created = () =>
    sent.find(({ name }) => name === 'CreateJobCommand')?.input as CreateJobRequest | undefined;
  return { sent, store, performer, created, names: () => sent.map(({ name }) => name) };
};
const failing = (error: Error) => () => {
  throw error;
};

describe('A job of MediaConvert', () => {
  it('is what the template says, of what the step takes, and goes into the step’s own folder', async () => {
    const { performer, created } = setUp();
    expect(await performer.begin(await taskWith('mediaconvert'))).toEqual({ type: 'begun', jobId: '1-new' });
    const [hls, file] = TEMPLATE.Settings?.OutputGroups ?? [];
    expect(created()).toEqual({
      Queue: TEMPLATE.Queue,
      Priority: 5,
      AccelerationSettings: { Mode: 'PREFERRED' },
      Role: ROLE,
      ClientRequestToken: expect.stringMatching(/^[0-9a-f]{64}$/),
      UserMetadata: {
        ...{ streamkeep: 'streamkeep', recordId: 'rec_1', runId: 'run_1', step: 'made', attempt: '1' },
      },
      StatusUpdateInterval: 'SECONDS_60',
      Settings: {
        TimecodeConfig: { Source: 'ZEROBASED' },
        Inputs: [
          {
            TimecodeSource: 'EMBEDDED',
            AudioSelectors: { one: { DefaultSelection: 'DEFAULT' } },
            FileInput: 's3://recordings/demo/1.mp4',
          },
        ],
        OutputGroups: [
          {
            ...hls,
            OutputGroupSettings: {
              Type: 'HLS_GROUP_SETTINGS',
              HlsGroupSettings: {
                ...{ SegmentLength: 6, MinSegmentLength: 0, Destination: 's3://recordings/show-made/1/' },
              },
            },
          },
          {
            ...file,
            OutputGroupSettings: {
              Type: 'FILE_GROUP_SETTINGS',
              FileGroupSettings: { Destination: 's3://recordings/show-made/2/' },
            },
          },
        ],
      },
    });
  });

  it('needs no folder within the folder when there is one group of outputs', async () => {
    const OutputGroups = TEMPLATE.Settings?.OutputGroups?.slice(0, 1) ?? [];
    const template = { ...TEMPLATE, Settings: { OutputGroups } };
    const { performer, created } = setUp({ GetJobTemplateCommand: () => ({ JobTemplate: template }) });
    await performer.begin(await taskWith('mediaconvert'));
    const [group] = created()?.Settings?.OutputGroups ?? [];
    expect(group?.OutputGroupSettings?.HlsGroupSettings?.Destination).toBe('s3://recordings/show-made/');
    // A template without inputs gets those that the console would make.
    expect(created()?.Settings?.Inputs).toMatchObject([
      { FileInput: 's3://recordings/demo/1.mp4', AudioSelectors: { 'Audio Selector 1': {} } },
    ]);
  });

  it('has the same token at each try to hand it over, and another one at the next try', async () => {
    const { sent, performer } = setUp();
    const task = await taskWith('mediaconvert');
    await performer.begin(task);
    await performer.begin(task);
    await performer.begin({ ...task, name: { ...NAME, attempt: 2 } });
    const tokens = sent
      .filter(({ name }) => name === 'CreateJobCommand')
      .map(({ input }) => input.ClientRequestToken);
    expect(tokens[0]).toBe(tokens[1]);
    expect(tokens[2]).not.toBe(tokens[0]);
  });

  it('is looked for before it is made again, page by page until jobs are older', async () => {
    const mine = { Id: '1-old', UserMetadata: metadataOf('streamkeep', NAME) };
    const others = {
      Id: '9',
      UserMetadata: metadataOf('other', NAME),
      CreatedAt: new Date('2026-11-22T10:05:00Z'),
    };
    const { performer, names } = setUp({
      ListJobsCommand: ({ NextToken }) =>
        NextToken === undefined ? { Jobs: [others], NextToken: 'more' } : { Jobs: [mine], NextToken: 'more' },
    });
    const task = await taskWith('mediaconvert', { isAgain: true });
    expect(await performer.begin(task)).toEqual({ type: 'begun', jobId: '1-old' });
    expect(names()).toEqual(['ListJobsCommand', 'ListJobsCommand']);
    const old = { ...others, CreatedAt: new Date('2026-11-22T09:00:00Z') };
    const none = setUp({ ListJobsCommand: () => ({ Jobs: [old], NextToken: 'more' }) });
    expect(await none.performer.begin(task)).toEqual({ type: 'begun', jobId: '1-new' });
    expect(none.names()).toEqual(['ListJobsCommand', 'GetJobTemplateCommand', 'CreateJobCommand']);
  });

  it('has not failed when MediaConvert is asked too much', async () => {
    const { performer } = setUp({ GetJobTemplateCommand: failing(serviceError('TooManyRequestsException')) });
    await expect(performer.begin(await taskWith('mediaconvert'))).rejects.toThrow('TooManyRequests');
  });

  it('is a failure in plain words when the template is not there', async () => {
    const { performer } = setUp({ GetJobTemplateCommand: failing(serviceError('NotFoundException')) });
    expect(await performer.begin(await taskWith('mediaconvert'))).toMatchObject({
      ...{ type: 'refused', reason: { code: 'not-taken' }, final: false },
    });
  });

  it('is not made of what is not in Amazon S3', async () => {
    const { performer, sent } = setUp();
    const task = await taskWith('mediaconvert');
    const bucket = { ...BUCKET, endpoint: 'https://minio.example.com' };
    const inputs = task.inputs.map((input) => ({ ...input, bucket }));
    expect(await performer.begin({ ...task, inputs })).toMatchObject({
      ...{ type: 'refused', reason: { code: 'input-unsuitable' }, final: true },
    });
    expect(sent).toEqual([]);
  });

  it('is not made by a run on one machine', async () => {
    const { performer, sent } = setUp({}, { AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:1' });
    const begun = await performer.begin(await taskWith('mediaconvert'));
    expect(begun).toMatchObject({ type: 'refused', reason: { code: 'not-there' }, final: true });
    expect(sent).toEqual([]);
  });

  it.each([
    [{ Status: 'SUBMITTED' }, { type: 'underway' }],
    [
      { Status: 'PROGRESSING', JobPercentComplete: 41 },
      { type: 'underway', percent: 41 },
    ],
    [{ Status: 'CANCELED' }, { type: 'failed', reason: { code: 'stopped-elsewhere' }, final: true }],
    [
      { Status: 'ERROR', ErrorCode: 1040, ErrorMessage: 'No video.' },
      { type: 'failed', reason: { code: 'told-failed' }, final: false },
    ],
  ])('can be asked about: %j', async (job, standing) => {
    const { performer, sent } = setUp({ GetJobCommand: () => ({ Job: job }) });
    expect(await performer.ask?.(await jobWith('mediaconvert', '1-new'))).toMatchObject(standing);
    expect(sent).toEqual([{ name: 'GetJobCommand', input: { Id: '1-new' } }]);
  });

  it('that the service does not know any more is a failure', async () => {
    const { performer } = setUp({ GetJobCommand: failing(serviceError('NotFoundException')) });
    expect(await performer.ask?.(await jobWith('mediaconvert', '1-new'))).toMatchObject({
      ...{ type: 'failed', reason: { code: 'not-taken' }, final: false },
    });
  });

  it('whose event was lost is asked about, and its files are found in their folder, playlists first', async () => {
    const { performer, store } = setUp({ GetJobCommand: () => ({ Job: { Status: 'COMPLETE' } }) });
    await store.put('show-made/1-720p_00001.ts', Buffer.from('abc'));
    await store.put('show-made/1.m3u8', Buffer.from('ab'));
    await store.put('show-made-other/1.m3u8', Buffer.from('a'));
    expect(await performer.ask?.(await jobWith('mediaconvert', '1-new'))).toEqual({
      type: 'succeeded',
      files: [
        { bucket: 'recordings', key: 'show-made/1.m3u8', sizeBytes: 2 },
        { bucket: 'recordings', key: 'show-made/1-720p_00001.ts', sizeBytes: 3 },
      ],
    });
  });

  it('can be stopped twice, and when its id is not known', async () => {
    const over = setUp({ CancelJobCommand: failing(serviceError('ConflictException')) });
    await over.performer.stop?.(await jobWith('mediaconvert', '1-new'));
    const denied = setUp({ CancelJobCommand: failing(serviceError('ForbiddenException')) });
    await expect(denied.performer.stop?.(await jobWith('mediaconvert', '1'))).rejects.toThrow('Forbidden');
    const mine = { Id: '1-old', UserMetadata: metadataOf('streamkeep', NAME) };
    const lost = setUp({ ListJobsCommand: () => ({ Jobs: [mine] }) });
    await lost.performer.stop?.(await jobWith('mediaconvert'));
    expect(lost.sent.at(-1)).toEqual({ name: 'CancelJobCommand', input: { Id: '1-old' } });
    const none = setUp();
    await none.performer.stop?.(await jobWith('mediaconvert'));
    expect(none.names()).toEqual(['ListJobsCommand']);
  });
});
