import { randomUUID } from 'node:crypto';
import { isSpent } from '../../shared/post-processing/machine.ts';
import type { StepJob } from '../../shared/post-processing/queue.ts';
import { isRemote, type WorkerStep } from '../../shared/post-processing/step-kinds.ts';
import { type RunPorts, transitionRun } from '../../shared/post-processing/transition.ts';
import type { Run, RunStep } from '../../shared/schemas/post-processing.ts';
import type { Log } from '../log.ts';
import { clearUp, makeOutput } from './make-output.ts';
import type { OutputTarget } from './outputs.ts';
import { type SourcePorts, sourcesOf } from './sources.ts';
import { failureOf, StepError } from './step-error.ts';

/** Longer than some renewals in a row may fail. */
export const LEASE_SECONDS = 30;
const RENEW_MS = 5000;

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

/** One step that this worker has: it is renewed until it is over, and given up when somebody else has it. */
const perform = async (
  ports: StepPorts,
  { run, step, claimId }: Claimed,
  stop: AbortSignal,
): Promise<void> => {
  const lost = new AbortController();
  const of = { step: step.step.name, claimId };
  let percent = (): number => 0;
  const until = (): string => new Date(ports.now().getTime() + LEASE_SECONDS * 1000).toISOString();
  let renewedAt = performance.now();
  const renew = async (): Promise<void> => {
    const begunAt = performance.now();
    try {
      const at = ports.now().toISOString();
      const result = await transitionRun(ports, run, {
        type: 'renew',
        ...{ ...of, at, leasedUntil: until(), percent: percent() },
      });
      if (result?.changed !== true) lost.abort();
      renewedAt = begunAt;
    } catch (cause) {
      ports.log.warn('A step could not be renewed', { runId: run.runId, ...of, cause });
      if (performance.now() - renewedAt > LEASE_SECONDS * 1000) lost.abort();
    }
  };
  const timer = setInterval(() => void renew(), ports.renewMs ?? RENEW_MS);
  const { bucket, key } = step.destination;
  const target: OutputTarget = {
    store: ports.storeOf(bucket),
    key,
    mark: `${run.recordId}/${run.runId}/${step.step.name}`,
    attempt: step.attempt,
    signal: AbortSignal.any([stop, lost.signal]),
  };
  try {
    if (isSpent(step)) {
      await clearUp(step.step, target);
      throw new StepError('worker-lost', undefined, { final: true });
    }
    const recording = await ports.recordings.get(run.recordId);
    if (recording === undefined || recording.deletion !== undefined) {
      throw new StepError('input-missing', undefined, { final: true });
    }
    const sources = await sourcesOf(ports, recording, run, step);
    const output = await makeOutput(step.step, sources, target, (how) => {
      percent = how;
    });
    const at = ports.now().toISOString();
    await transitionRun(ports, run, { type: 'succeeded', ...of, at, output });
  } catch (error) {
    const at = ports.now().toISOString();
    if (lost.signal.aborted) ports.log.info('A step belongs to nobody or to others now', { ...of });
    else if (stop.aborted) await transitionRun(ports, run, { type: 'released', ...of, at });
    else {
      const { reason, final } = failureOf(error);
      ports.log.error('A step failed', { runId: run.runId, ...of, reason, cause: error });
      await transitionRun(ports, run, { type: 'failed', ...of, at, reason, final });
    }
  } finally {
    clearInterval(timer);
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
  const leasedUntil = new Date(now.getTime() + LEASE_SECONDS * 1000).toISOString();
  const claim = { step: name, attempt, claimId, at: now.toISOString(), leasedUntil };
  const claimed = await transitionRun(ports, { recordId, runId }, { type: 'claim', ...claim });
  const step = claimed?.run.steps.find((one) => one.step.name === name);
  if (claimed === undefined || !claimed.changed || step === undefined || !isOwn(step)) return undefined;
  return (stop) => perform(ports, { run: claimed.run, step, claimId }, stop);
};
