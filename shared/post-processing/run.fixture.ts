import { at } from '../recordings/recording.fixture.ts';
import { stepSchema } from '../schemas/orchestration.ts';
import type { Artifact, Run, RunStep } from '../schemas/post-processing.ts';
import { begun, decide, type RunEffect, type RunInput } from './machine.ts';
import type { RemoteStep } from './step-kinds.ts';

/** Names of steps and their inputs, as of `a → b`: `['a', 'source'], ['b', 'a']`. */
export type Inputs = readonly (readonly [name: string, input: string])[];

export const aStep = (name: string, input = 'source', more: Partial<RunStep> = {}): RunStep => ({
  step: stepSchema.parse({ kind: 'clip', name, input, fromSeconds: 0, toSeconds: 5 }),
  destination: { bucket: { bucket: 'recordings', region: 'eu-central-1' }, key: `show-${name}` },
  state: 'pending',
  attempt: 0,
  failures: 0,
  percent: 0,
  looks: 0,
  ...more,
});

const REMOTE = {
  lambda: { functionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:index' },
  'step-functions': { stateMachineArn: 'arn:aws:states:eu-central-1:123456789012:stateMachine:review' },
  mediaconvert: { jobTemplate: 'ladder' },
} as const satisfies Record<RemoteStep['kind'], object>;

/** A step that others do. */
export const aRemoteStep = (
  kind: RemoteStep['kind'],
  name: string = kind,
  input = 'source',
  more: Partial<RunStep> = {},
): RunStep => aStep(name, input, { step: stepSchema.parse({ kind, name, input, ...REMOTE[kind] }), ...more });

/** A run that has begun. */
export const aRun = (inputs: Inputs = [['a', 'source']], more: Partial<Run> = {}): Run =>
  begun({
    runId: 'run_1',
    recordId: 'rec_1',
    format: 'mp4',
    fileId: '0001-mp4-0001',
    orchestrationId: 'orc_1',
    orchestrationName: 'library',
    state: 'running',
    createdAt: at(0),
    round: 0,
    steps: inputs.map(([name, input]) => aStep(name, input)),
    revision: 0,
    ...more,
  }).run;

export const anArtifact = (key: string): Artifact => ({
  format: 'mp4',
  key,
  sizeBytes: 1000,
  objects: 1,
  durationSeconds: 5,
});

/** Plays inputs, all of which must change something. */
export const play = (run: Run, ...inputs: RunInput[]): { run: Run; effects: readonly RunEffect[] } => {
  let [now, effects]: [Run, readonly RunEffect[]] = [run, []];
  for (const input of inputs) {
    const decision = decide(now, input);
    if (decision.type === 'ignored') throw new Error(`${input.type} was ignored`);
    ({ next: now, effects } = decision);
  }
  return { run: now, effects };
};
