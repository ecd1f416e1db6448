import { inputsOf } from '../../../shared/post-processing/inputs.ts';
import { aRemoteStep, aRun } from '../../../shared/post-processing/run.fixture.ts';
import type { RemoteStep } from '../../../shared/post-processing/step-kinds.ts';
import { newRecording } from '../../../shared/recordings/recording.fixture.ts';
import type { Bucket } from '../../../shared/schemas/storage.ts';
import { fileWith } from '../../common/world.fixture.ts';
import type { HandedStep, Job, Task } from './performer.ts';

export const BUCKET: Bucket = { bucket: 'recordings', region: 'eu-central-1' };
export const UNTIL = '2026-11-22T11:00:00.000Z';
export const NAME = { recordId: 'rec_1', runId: 'run_1', step: 'made', attempt: 1 };

/** The first try of a step named `made`, on an MP4 file or an HLS playlist. */
export const taskWith = async <Kind extends RemoteStep['kind']>(
  kind: Kind,
  {
    step: changes = {},
    format = 'mp4',
    ...more
  }: {
    step?: object;
    format?: 'mp4' | 'hls';
    isAgain?: boolean;
  } = {},
): Promise<Task<Kind>> => {
  const step = aRemoteStep(kind, 'made', 'source', {
    ...{ state: 'running', attempt: 1, startedAt: '2026-11-22T10:00:00.000Z' },
    remote: { until: UNTIL, tokenHashes: [] },
    destination: { bucket: BUCKET, key: 'show-made' },
  });
  const run = aRun(undefined, { steps: [step] });
  const recording = newRecording();
  const extension = format === 'hls' ? 'm3u8' : format;
  const file = fileWith({
    format,
    key: `demo/1.${extension}`,
    state: 'ready',
    sizeBytes: 1000,
    durationSeconds: 8,
  });
  const files = { get: async () => file, page: async () => ({ items: [file], cursor: null }) };
  const spool = { bucket: 'spool', region: 'eu-central-1' };
  return {
    ...{ name: NAME, recording, run, token: 'token-1', isAgain: false },
    step: { ...step, step: { ...step.step, ...changes } } as HandedStep<Kind>,
    inputs: (await inputsOf({ files, spool }, recording, run, step)) ?? [],
    ...more,
  };
};

export const jobWith = async <Kind extends RemoteStep['kind']>(
  kind: Kind,
  jobId?: string,
): Promise<Job<Kind>> => {
  const { name, step } = await taskWith(kind);
  return { name, step, jobId, since: '2026-11-22T10:00:00.000Z' };
};

/** A client of the AWS SDK that notes what it is sent, and answers as it is told. */
export const clientThat = <Output>(
  answer: (command: { readonly input: object }) => Output | Promise<Output>,
) => {
  const sent: { readonly name: string; readonly input: Record<string, unknown> }[] = [];
  const send = async (command: { readonly input: object }): Promise<Output> => {
    sent.push({ name: command.constructor.name, input: { ...command.input } });
    return answer(command);
  };
  return { sent, client: { send } as never };
};

/** As the AWS SDK throws them. */
export const serviceError = (name: string, fault: 'client' | 'server' = 'client'): Error =>
  Object.assign(new Error(`${name} happened`), { name, $fault: fault });
