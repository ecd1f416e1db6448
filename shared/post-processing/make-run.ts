import { createHash } from 'node:crypto';
import { renderPath } from '../path/placeholders.ts';
import { homeKeyOf } from '../recordings/places.ts';
import type { Orchestration, Step } from '../schemas/orchestration.ts';
import type { Run, RunStep } from '../schemas/post-processing.ts';
import type { Recording, RecordingFile } from '../schemas/recording.ts';
import type { Bucket } from '../schemas/storage.ts';
import { EXTENSIONS } from '../storage/content-types.ts';
import { type StepScope, stepsOf } from './graph.ts';

const digest = (length: number, ...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, length);

const withoutExtension = ({ format, ...file }: RecordingFile): string => {
  const key = homeKeyOf(file);
  return key.endsWith(EXTENSIONS[format]) ? key.slice(0, -EXTENSIONS[format].length) : key;
};

export interface RunOf {
  readonly recording: Recording;
  /** What it is run on; of all files of a format the first one. */
  readonly file: RecordingFile;
  readonly scope: StepScope;
  readonly orchestration: Orchestration;
  /** The storages that its steps name, by their ids. */
  readonly storages: ReadonlyMap<string, Bucket>;
  readonly now: Date;
}

/** The same for the same recording, file and orchestration, so that a run is made once. */
export const runIdOf = ({ file, scope, orchestration }: Pick<RunOf, 'file' | 'scope' | 'orchestration'>) =>
  `run_${scope === 'file' ? file.fileId : `all-${file.format}`}_${digest(12, orchestration.orchestrationId)}`;

/**
 * The key of what a step makes, without its extension: always the same one, however often it is tried, and no other run
 * has it. Beside the original, whose name no other file of its format has, the format sees to that.
 */
const keyOf = ({ recording, file, scope, orchestration }: RunOf, step: Step): string => {
  const { recordId, domain, app, stream, plan, startedAt } = recording;
  const { storageId, path } = step.output ?? {};
  const runId = runIdOf({ file, scope, orchestration });
  const runOnly = digest(12, recordId, runId);
  if (path === undefined) {
    const own = storageId === undefined ? file.format : runOnly;
    return `${withoutExtension(file)}-${own}-${step.name}`;
  }
  const base = renderPath(path, {
    recordSource: plan.content,
    ...{ domain, app, stream, recordId },
    randomId: digest(24, recordId, runId, step.name),
    start: new Date(scope === 'file' ? file.startedAt : startedAt),
    timeZone: plan.timeZone,
  });
  return path.includes('{RandomID}') ? `${base}-${step.name}` : `${base}-${runOnly}-${step.name}`;
};

/** A run before anything of it has begun; undefined when the orchestration has no steps of this scope. Pure. */
export const makeRun = (of: RunOf): Run | undefined => {
  const { recording, file, scope, orchestration, storages, now } = of;
  const steps = stepsOf(orchestration.steps, scope).map((step): RunStep => {
    const { storageId } = step.output ?? {};
    const bucket = (storageId === undefined ? undefined : storages.get(storageId)) ?? recording.plan.storage;
    return {
      step,
      destination: { bucket, key: keyOf(of, step) },
      state: 'pending',
      ...{ attempt: 0, failures: 0, percent: 0, looks: 0 },
    };
  });
  if (steps.length === 0) return undefined;
  return {
    runId: runIdOf(of),
    recordId: recording.recordId,
    format: file.format,
    ...(scope === 'file' ? { fileId: file.fileId } : {}),
    orchestrationId: orchestration.orchestrationId,
    orchestrationName: orchestration.name,
    state: 'running',
    createdAt: now.toISOString(),
    round: 0,
    steps,
    revision: 0,
  };
};
