import { describe, expect, it } from 'vitest';
import { createLambdaPerformer } from './lambda.ts';
import { clientThat, serviceError, taskWith, UNTIL } from './task.fixture.ts';

const setUp = (answer: () => object = () => ({ StatusCode: 202 }), environment = {}) => {
  const { sent, client } = clientThat(answer);
  const regions: string[] = [];
  const performer = createLambdaPerformer({
    clientOf: (region) => {
      regions.push(region);
      return client;
    },
    storeOf: ({ bucket }) => ({ presign: async (key) => `https://${bucket}.example.com/${key}?signed` }),
    apiUrl: 'https://api.example.com/',
    environment,
  });
  const payload = () => JSON.parse(Buffer.from(sent[0]?.input.Payload as Uint8Array).toString());
  return { sent, regions, performer, payload };
};

describe('A function', () => {
  it('is invoked asynchronously, in its own region, with all it needs to work and to answer', async () => {
    const { sent, regions, performer, payload } = setUp();
    const task = await taskWith('lambda', { step: { parameters: { language: 'de' } } });
    expect(await performer.begin(task)).toEqual({ type: 'begun' });
    expect(sent).toMatchObject([
      { name: 'InvokeCommand', input: { FunctionName: task.step.step.functionArn, InvocationType: 'Event' } },
    ]);
    expect(regions).toEqual(['eu-central-1']);
    expect(payload()).toEqual({
      ...{ recordId: 'rec_1', runId: 'run_1', step: 'made', attempt: 1 },
      stream: { domain: 'push.example.com', app: 'live', stream: 'demo' },
      inputs: [
        {
          ...{ format: 'mp4', bucket: 'recordings', region: 'eu-central-1', key: 'demo/1.mp4' },
          ...{ sizeBytes: 1000, durationSeconds: 8, url: 'https://recordings.example.com/demo/1.mp4?signed' },
        },
      ],
      output: { bucket: 'recordings', region: 'eu-central-1', prefix: 'show-made/' },
      parameters: { language: 'de' },
      result: {
        url: 'https://api.example.com/v1/recordings/rec_1/post-processing/run_1/steps/made/result',
        token: 'token-1',
        until: UNTIL,
      },
    });
  });

  it('gets no URL of a playlist, whose segments would each need one', async () => {
    const { performer, payload } = setUp();
    await performer.begin(await taskWith('lambda', { format: 'hls' }));
    expect(payload().inputs).toMatchObject([{ format: 'hls', key: 'demo/1.m3u8', url: null }]);
  });

  it('that is not there is a failure in plain words, and so is one that may not be invoked', async () => {
    const { performer } = setUp(() => {
      throw serviceError('ResourceNotFoundException');
    });
    expect(await performer.begin(await taskWith('lambda'))).toEqual({
      type: 'refused',
      reason: {
        ...{ cause: 'ours', code: 'not-taken' },
        text: 'It could not be handed over. ResourceNotFoundException.',
      },
      final: false,
      cause: expect.objectContaining({ message: 'ResourceNotFoundException happened' }),
    });
  });

  it('has not failed when Lambda is asked too much, so the same try is made again', async () => {
    const { performer } = setUp(() => {
      throw serviceError('TooManyRequestsException');
    });
    await expect(performer.begin(await taskWith('lambda'))).rejects.toThrow('TooManyRequests');
  });

  it('may have been invoked when Lambda fails, so the same try is made again', async () => {
    const { performer } = setUp(() => {
      throw serviceError('ServiceException', 'server');
    });
    await expect(performer.begin(await taskWith('lambda'))).rejects.toThrow('ServiceException');
  });

  it('is not looked for at AWS by a run on one machine, unless somebody plays Lambda there', async () => {
    const played = { AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:1' };
    const { sent, performer } = setUp(undefined, played);
    expect(await performer.begin(await taskWith('lambda'))).toMatchObject({
      type: 'refused',
      reason: { code: 'not-there', text: expect.stringContaining('AWS_ENDPOINT_URL_LAMBDA') },
      final: true,
    });
    expect(sent).toEqual([]);
    const there = setUp(undefined, { ...played, AWS_ENDPOINT_URL_LAMBDA: 'http://127.0.0.1:2' });
    expect(await there.performer.begin(await taskWith('lambda'))).toEqual({ type: 'begun' });
  });
});
