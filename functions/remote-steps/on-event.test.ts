import { describe, expect, it } from 'vitest';
import { executionNameOf } from '../../shared/post-processing/tries.ts';
import type { Runs } from '../../shared/table/runs.ts';
import { executionEventSchema, mediaConvertEventSchema } from './events.ts';
import { createOnEvent, type EventPorts } from './on-event.ts';
import { metadataOf } from './performers/media-convert-job.ts';
import { NAME, taskWith } from './performers/task.fixture.ts';

const MACHINE = 'arn:aws:states:eu-central-1:123456789012:stateMachine:review';
const EXECUTION = MACHINE.replace('stateMachine', 'execution');

const envelope = (source: string, detailType: string, detail: object) => ({
  ...{ version: '0', id: '1234abcd-12ab-34cd-56ef-1234567890ab', 'detail-type': detailType, source },
  ...{ account: '123456789012', time: '2026-11-22T10:05:00Z', region: 'eu-central-1', resources: [], detail },
});

/** As in the examples of https://docs.aws.amazon.com/mediaconvert/latest/ug/mediaconvert_event_list.html. */
const jobEvent = (status: string, more: object = {}) =>
  mediaConvertEventSchema.parse(
    envelope('aws.mediaconvert', 'MediaConvert Job State Change', {
      ...{ timestamp: 1671476832124, accountId: '123456789012', jobId: '1671476818694-phptj0', status },
      queue: 'arn:aws:mediaconvert:eu-central-1:123456789012:queues/Default',
      userMetadata: metadataOf('streamkeep', NAME),
      ...more,
    }),
  );

/** As in the examples of https://docs.aws.amazon.com/step-functions/latest/dg/cw-events.html. */
const executionEvent = (status: string, more: object = {}) =>
  executionEventSchema.parse(
    envelope('aws.states', 'Step Functions Execution Status Change', {
      ...{ executionArn: `${EXECUTION}:${executionNameOf(NAME)}`, stateMachineArn: MACHINE, status },
      ...{ name: executionNameOf(NAME), startDate: 1548148840101, stopDate: 1548148840122 },
      ...{ input: JSON.stringify({ ...NAME, parameters: {} }), output: null, error: null, cause: null },
      ...{ inputDetails: { included: true }, outputDetails: null },
      ...more,
    }),
  );

const setUp = async (described: object = {}) => {
  const told: unknown[][] = [];
  const asked: string[] = [];
  const { run } = await taskWith('step-functions');
  const onEvent = createOnEvent({
    tell: (async (...args: unknown[]) => void told.push(args)) as unknown as EventPorts['tell'],
    runs: { get: (async () => run) as Runs['get'] },
    describe: async (arn) => {
      asked.push(arn);
      return { status: 'SUCCEEDED', ...described };
    },
  });
  return { told, asked, onEvent };
};

describe('An event of MediaConvert', () => {
  it('says how far the job is, and what it is called', async () => {
    const { told, onEvent } = await setUp();
    await onEvent(jobEvent('PROGRESSING'));
    const jobProgress = { phaseProgress: {}, jobPercentComplete: 34, currentPhase: 'TRANSCODING' };
    await onEvent(jobEvent('STATUS_UPDATE', { framesDecoded: 353, jobProgress }));
    const jobId = '1671476818694-phptj0';
    expect(told).toEqual([
      [NAME, { type: 'underway', jobId }],
      [NAME, { type: 'underway', jobId, percent: 34 }],
    ]);
  });

  it('names the files, playlists first', async () => {
    const { told, onEvent } = await setUp();
    const outputDetails = [
      { outputFilePaths: ['s3://recordings/show-made/1-720p.m3u8'], durationInMs: 30041 },
      { outputFilePaths: ['s3://recordings/show-made/1-file.mp4'], durationInMs: 30041 },
    ];
    const playlistFilePaths = ['s3://recordings/show-made/1.m3u8'];
    const outputGroupDetails = [{ outputDetails, playlistFilePaths, type: 'HLS_GROUP' }];
    await onEvent(jobEvent('COMPLETE', { outputGroupDetails }));
    const files = ['1.m3u8', '1-720p.m3u8', '1-file.mp4'].map((name) => ({
      ...{ bucket: 'recordings', key: `show-made/${name}` },
    }));
    expect(told).toEqual([[NAME, { type: 'succeeded', files }]]);
  });

  it('says why the job failed, or that somebody has cancelled it', async () => {
    const { told, onEvent } = await setUp();
    await onEvent(jobEvent('ERROR', { errorCode: 1040, errorMessage: 'Example error message' }));
    await onEvent(jobEvent('CANCELED'));
    expect(told).toMatchObject([
      [NAME, { type: 'failed', reason: { code: 'told-failed' }, final: false }],
      [NAME, { type: 'failed', reason: { code: 'stopped-elsewhere' }, final: true }],
    ]);
    expect(JSON.stringify(told)).toContain('Example error message (1040)');
  });

  it('of a job of others, or of what does not matter, is passed over', async () => {
    const { told, onEvent } = await setUp();
    await onEvent(jobEvent('COMPLETE', { userMetadata: {} }));
    await onEvent(jobEvent('INPUT_INFORMATION'));
    expect(told).toEqual([]);
  });
});

describe('An event of Step Functions', () => {
  it('brings the output', async () => {
    const { told, asked, onEvent } = await setUp();
    const output = '{"files":[{"key":"show-made/a.json"}]}';
    await onEvent(executionEvent('SUCCEEDED', { output, outputDetails: { included: true } }));
    const files = [{ bucket: 'recordings', key: 'show-made/a.json' }];
    expect(told).toEqual([[NAME, { type: 'succeeded', files }]]);
    expect(asked).toEqual([]);
  });

  it('says why the execution failed', async () => {
    const { told, onEvent } = await setUp();
    await onEvent(executionEvent('FAILED', { error: 'Bad.Audio', cause: 'No sound.' }));
    expect(told).toMatchObject([[NAME, { type: 'failed', final: false }]]);
    expect(JSON.stringify(told)).toContain('Bad.Audio: No sound.');
  });

  it('that is too short for input or output has the execution asked for them', async () => {
    const described = { input: JSON.stringify(NAME), output: '{"files":[{"key":"a"}]}' };
    const { told, asked, onEvent } = await setUp(described);
    const short = { input: null, inputDetails: { included: false }, outputDetails: { included: false } };
    await onEvent(executionEvent('SUCCEEDED', short));
    expect(asked).toEqual([`${EXECUTION}:${executionNameOf(NAME)}`]);
    expect(told).toEqual([[NAME, { type: 'succeeded', files: [{ bucket: 'recordings', key: 'a' }] }]]);
  });

  it('of an execution that somebody has started by hand with the same input is passed over', async () => {
    const { told, onEvent } = await setUp();
    await onEvent(executionEvent('SUCCEEDED', { name: 'by-hand', output: '{}' }));
    expect(told).toEqual([]);
  });
});
