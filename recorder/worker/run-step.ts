import { randomUUID } from 'node:crypto';
import { deleteStepObjects } from '../../shared/deletion/run-objects.ts';
import { isSpent, type RunInput } from '../../shared/post-processing/machine.ts';
import { markOf } from '../../shared/post-processing/outputs.ts';
import type { StepJob } from '../../shared/post-processing/queue.ts';
import { isRemote, type WorkerStep } from '../../shared/post-processing/step-kinds.ts';
import { type RunPorts, transitionRun } from '../../shared/post-processing/transition.ts';
import { isGone } from '../../shared/recordings/gone.ts';
import type { Artifact, Run, RunStep } from '../../shared/schemas/post-processing.ts';
import type { Log } from '../log.ts';
import { findOutput, makeOutput } from './make-output.ts';
import type { OutputTarget } from './outputs.ts';
import { type SourcePorts, sourcesOf } from './sources.ts';
import { failureOf, StepError } from './step-error.ts';
import { holdLease, LEASE_SECONDS } from './step-lease.ts';

export interface StepPorts extends RunPorts, Omit<SourcePorts, 'files'> {
  readonly files: SourcePorts['files'];
  readonly log: Log;
  now(): Date;
  /** @default 5 s */
  readonly renewMs?: number;
}

/** A step that a worker does itself. */
type OwnStep = RunStep & { readonly step: WorkerStep };
const isOwn = (step: RunStep): step is OwnStep => !isRemote(step.step);

interface Claimed {
  readonly run: Run;
  readonly step: OwnStep;
  readonly claimId: string;
}

const leaseEnd = (now: Date): string => new Date(now.getTime() + LEASE_SECONDS * 1000).toISOString();

/** What is made of the recording. @throws StepError, StorageError */
const outputOf = async (
  ports: StepPorts,
  { run, step }: Claimed,
  target: OutputTarget,
  onProgress: (percent: () => number) => void,
): Promise<Artifact> => {
  const recording = await ports.recordings.get(run.recordId);
  if (recording === undefined || isGone(recording)) {
    throw new StepError('input-missing', undefined, { final: true });
  }
  const sources = await sourcesOf(ports, recording, run, step);
  if (!isSpent(step)) return makeOutput(step.step, sources, target, onProgress);
  const made = await findOutput(step.step, sources, target);
  if (made !== undefined) return made;
  await deleteStepObjects(ports.storeOf, run, step);
  throw new StepError('worker-lost', undefined, { final: true });
};

/** One step that this worker has: it is renewed until it is over, and given up when somebody else has it. */
const perform = async (ports: StepPorts, claimed: Claimed, stop: AbortSignal): Promise<void> => {
  const { run, step, claimId } = claimed;
  const of = { step: step.step.name, claimId };
  const at = (): string => ports.now().toISOString();
  let percent = (): number => 0;
  const lease = holdLease({
    renew: async () => {
      const renewal = { at: at(), leasedUntil: leaseEnd(ports.now()), percent: percent() };
      const result = await transitionRun(ports, run, { type: 'renew', ...of, ...renewal });
      return result?.changed === true;
    },
    onFailure: (cause) => ports.log.warn('A step could not be renewed', { runId: run.runId, ...of, cause }),
    renewMs: ports.renewMs,
  });
  const target: OutputTarget = {
    store: ports.storeOf(step.destination.bucket),
    key: step.destination.key,
    mark: markOf(run, step.step),
    attempt: step.attempt,
    signal: AbortSignal.any([stop, lease.lost]),
    log: ports.log,
  };
  /** What came of it; undefined when it is not this worker's any more. */
  const outcome = async (): Promise<RunInput | undefined> => {
    try {
      const output = await outputOf(ports, claimed, target, (how) => {
        percent = how;
      });
      return { type: 'succeeded', ...of, at: at(), output };
    } catch (error) {
      if (lease.lost.aborted) return undefined;
      if (stop.aborted) return { type: 'released', ...of, at: at() };
      const { reason, final } = failureOf(error);
      ports.log.error('A step failed', { runId: run.runId, ...of, reason, cause: error });
      return { type: 'failed', ...of, at: at(), reason, final };
    }
  };
  try {
    const input = await outcome();
    const told = input === undefined ? undefined : await transitionRun(ports, run, input);
    if (told?.changed === true) return;
    ports.log.info('A step belongs to nobody or to others now', { runId: run.runId, ...of });
    const recording = await ports.recordings.get(run.recordId);
    // Its deletion may have come by before this output was there.
    if (recording === undefined || isGone(recording)) await deleteStepObjects(ports.storeOf, run, step);
  } finally {
    lease.letGo();
  }
};

/**
 * Claims the step of a job; undefined when the job is void. The claim is written before it returns, so that the table
 * holds the obligation from then on. @returns does the step; never rejects but for a table that is away
 */
export const claimStep = async (
  ports: StepPorts,
  { recordId, runId, step: name, attempt }: StepJob,
): Promise<((stop: AbortSignal) => Promise<void>) | undefined> => {
  const claimId = randomUUID();
  const now = ports.now();
  const claim = { step: name, attempt, claimId, at: now.toISOString(), leasedUntil: leaseEnd(now) };
  const claimed = await transitionRun(ports, { recordId, runId }, { type: 'claim', ...claim });
  const step = claimed?.run.steps.find((one) => one.step.name === name);
  if (claimed === undefined || !claimed.changed || step === undefined || !isOwn(step)) return undefined;
  return (stop) => perform(ports, { run: claimed.run, step, claimId }, stop);
};
