import { isDeepStrictEqual } from 'node:util';
import type { Notice } from '../events/notices.ts';
import type { WorkQueues } from '../recordings/queues.ts';
import { summaryOf } from '../recordings/summary.ts';
import type { Run } from '../schemas/post-processing.ts';
import type { Recording } from '../schemas/recording.ts';
import type { Notices } from '../table/notices.ts';
import type { Recordings } from '../table/recordings.ts';
import type { Runs } from '../table/runs.ts';
import { decide, type RunEffect, type RunInput } from './machine.ts';
import type { QueueStep } from './queue.ts';
import { isRemote } from './step-kinds.ts';

export interface RunPorts {
  readonly runs: Runs;
  readonly recordings: Recordings;
  readonly notices: Notices;
  readonly queues: Pick<WorkQueues, 'completion'>;
  readonly queueStep: QueueStep;
}

// Each retry means that another step of the run got through; there are twenty at most.
const MOST_TRIES = 60;

type RunNotice = Extract<Notice, { type: `post-processing.${string}` }>;

/** The notice about a run that is over. */
export const runNotice = (recording: Recording, run: Run, type: RunNotice['type']): RunNotice => {
  const { recordId, domain, app, stream } = recording;
  const { runId, format, fileId, orchestrationId, orchestrationName, createdAt, endedAt, round } = run;
  const steps = run.steps.map(({ step: { name, kind }, state, destination, output, files, reason }) => ({
    ...{ name, kind, state },
    ...(reason === undefined ? {} : { reason }),
    ...(output === undefined ? {} : { output: { ...output, bucket: destination.bucket.bucket } }),
    ...(files === undefined ? {} : { files }),
  }));
  return {
    type,
    noticeId: `${type}.${runId}.${round}`,
    at: endedAt ?? createdAt,
    recordId,
    stream: { domain, app, stream },
    recording: summaryOf(recording),
    run: {
      ...{ runId, format, orchestrationId, orchestrationName, createdAt, steps },
      ...(fileId === undefined ? {} : { fileId }),
      ...(endedAt === undefined ? {} : { endedAt }),
    },
  };
};

/** Queues the steps that effects name. */
export const queueJobs = async (
  { queueStep }: Pick<RunPorts, 'queueStep'>,
  { recordId, runId, steps }: Run,
  effects: readonly RunEffect[],
): Promise<void> => {
  for (const effect of effects) {
    const { step, attempt } = effect;
    const job = { recordId, runId, step, attempt };
    const isOthers = steps.some((one) => one.step.name === step && isRemote(one.step));
    if (effect.type === 'stop') await queueStep({ ...job, stop: true }, 0, 'others');
    else await queueStep(job, effect.delaySeconds, isOthers ? 'others' : 'workers');
  }
};

/**
 * Lets the notice stand in the table that a run owes, and strikes that off; a recording that has been deleted is told of no
 * more. Only a run that is written can be told of: an input that comes to its end may be refused because of another one.
 */
const tell = async (ports: RunPorts, run: Run): Promise<Run> => {
  const { owes, ...rest } = run;
  if (owes === undefined) return run;
  const recording = await ports.recordings.get(run.recordId);
  const notice = recording && runNotice(recording, run, owes);
  if (notice !== undefined) await ports.notices.add(notice);
  const told = { ...rest, revision: run.revision + 1 };
  // Refused: somebody else has told of it at the same time.
  await ports.runs.replace(told);
  if (notice !== undefined) {
    await ports.queues.completion({ recordId: run.recordId, noticeId: notice.noticeId });
  }
  return told;
};

/**
 * Applies one input to a run: decide, write conditionally, carry out what follows; decides anew when another writer was
 * faster. What a crash leaves undone, the sweeper finds.
 * @returns the run as it is now, and whether this input changed it; undefined when there is none
 */
export const transitionRun = async (
  ports: RunPorts,
  { recordId, runId }: Pick<Run, 'recordId' | 'runId'>,
  input: RunInput,
): Promise<{ readonly run: Run; readonly changed: boolean } | undefined> => {
  let written: Run | undefined;
  let effects: readonly RunEffect[] = [];
  for (let attempt = 0; attempt < MOST_TRIES; attempt += 1) {
    const run = await ports.runs.get(recordId, runId);
    if (run === undefined) return undefined;
    // When the answer to a write was lost, the SDK wrote again, and was refused because of its own first write.
    if (written === undefined || !isDeepStrictEqual(run, written)) {
      if (run.owes !== undefined) {
        await tell(ports, run);
        continue;
      }
      const decision = decide(run, input);
      if (decision.type === 'ignored') return { run, changed: false };
      ({ next: written, effects } = decision);
      if (!(await ports.runs.replace(written))) continue;
    }
    await queueJobs(ports, written, effects);
    return { run: await tell(ports, written), changed: true };
  }
  throw new Error(`Run ${runId} changed ${MOST_TRIES} times while an input was applied`);
};
