import { hashSecret } from '../../shared/auth/secrets.ts';
import { type Allowed, forbiddenIn } from '../../shared/post-processing/allowed.ts';
import { type InputPorts, inputsOf } from '../../shared/post-processing/inputs.ts';
import type { RunInput } from '../../shared/post-processing/machine.ts';
import type { RemoteStepJob } from '../../shared/post-processing/queue.ts';
import { type StepCode, stepReason } from '../../shared/post-processing/reasons.ts';
import { isRemote } from '../../shared/post-processing/step-kinds.ts';
import { later } from '../../shared/post-processing/times.ts';
import { type RunPorts, transitionRun } from '../../shared/post-processing/transition.ts';
import { claimIdOf, type TryName } from '../../shared/post-processing/tries.ts';
import { isGone } from '../../shared/recordings/gone.ts';
import type { Run, RunStep } from '../../shared/schemas/post-processing.ts';
import type { Telemetry } from '../common/telemetry.ts';
import type { Begun, HandedStep, Job, Performer, Performers, Standing } from './performers/performer.ts';

export interface SeeToPorts extends RunPorts, InputPorts {
  readonly performers: Performers;
  readonly allowed: Allowed;
  readonly telemetry: Telemetry;
  newToken(): string;
  now(): Date;
}

/** Longer than one invocation may take. */
export const LEASE_SECONDS = 60;
/** What has just been begun its doers may not know yet; only a job that came twice would ask so soon. */
const SETTLING_SECONDS = 60;
/** Those who send events are asked when none has come for so long. */
const SILENCE_SECONDS = 600;

/** How often a stop that is refused is looked after before it is given up: for about a day. */
export const MOST_STOP_LOOKS = 30;

const refused = (code: StepCode, detail?: string): Begun => ({
  type: 'refused',
  reason: stepReason(code, detail),
  final: true,
});

const stepNamed = (run: Run | undefined, name: string): HandedStep | undefined =>
  run?.steps.find((step): step is HandedStep => step.step.name === name && isRemote(step.step));

/** Hands steps over to others, asks how they are, and has them stopped. Every job may come twice and late. */
export const createSeeTo = (ports: SeeToPorts) => {
  // A step's kind chooses its performer, which TypeScript cannot follow.
  const performerOf = ({ step }: Pick<HandedStep, 'step'>): Performer =>
    ports.performers[step.kind] as Performer;
  const at = (): string => ports.now().toISOString();

  const nameOf = ({ recordId, runId }: Run, { step, attempt }: RunStep): TryName => ({
    ...{ recordId, runId, step: step.name, attempt },
  });

  const jobOf = (run: Run, step: HandedStep): Job => ({
    ...{ name: nameOf(run, step), step, jobId: step.remote?.jobId },
    since: step.startedAt ?? run.createdAt,
  });

  /** Applies what is known of a try; the run is undefined when it is gone. */
  const tell = async (name: TryName, standing: Standing) => {
    const of = { step: name.step, claimId: claimIdOf(name.attempt), at: at() };
    const input: RunInput =
      standing.type === 'underway'
        ? { ...of, ...standing, lookAt: later(of.at, SILENCE_SECONDS) }
        : { ...of, ...standing };
    return transitionRun(ports, name, input);
  };

  const begin = async (run: Run, step: HandedStep, token: string, isAgain: boolean): Promise<Begun> => {
    const forbidden = forbiddenIn(step.step, ports.allowed);
    if (forbidden !== undefined) return refused('not-allowed', `${forbidden.field} ${forbidden.message}.`);
    const recording = await ports.recordings.get(run.recordId);
    if (recording === undefined || isGone(recording)) return refused('input-missing');
    const inputs = await inputsOf(ports, recording, run, step);
    if (inputs === undefined) return refused('input-missing');
    const task = { name: nameOf(run, step), recording, run, step, inputs, token, isAgain };
    return performerOf(step).begin(task);
  };

  const handOver = async (job: RemoteStepJob, known: HandedStep, isAgain: boolean): Promise<void> => {
    const [token, now] = [ports.newToken(), at()];
    const isAnswered = known.step.kind === 'lambda';
    const claimed = await transitionRun(ports, job, {
      type: 'claim',
      ...{ step: job.step, attempt: job.attempt, claimId: claimIdOf(job.attempt + 1), at: now },
      leasedUntil: later(now, LEASE_SECONDS),
      remote: {
        until: later(now, known.step.timeoutSeconds),
        ...(isAnswered ? { tokenHash: hashSecret(token) } : {}),
      },
    });
    const step = stepNamed(claimed?.run, job.step);
    if (claimed === undefined || !claimed.changed || step === undefined) return;
    const { run } = claimed;
    const begun = await begin(run, step, token, isAgain);
    const name = nameOf(run, step);
    if (begun.type === 'refused') {
      ports.telemetry.count('StepsNotTaken');
      const { reason, final, cause } = begun;
      ports.telemetry.log.warn('A step could not be handed over', { ...name, reason, cause });
      // Who had it before may have come to hand it over: another try beside that one would be done twice.
      if (isAgain && !final) throw new Error(reason.text);
      await tell(name, { type: 'failed', reason, final });
      if (isAgain) await performerOf(step).stop?.(jobOf(run, step));
      return;
    }
    ports.telemetry.count('StepsHandedOver');
    const { jobId } = begun;
    // Who cannot be asked is waited for until the end.
    const lookAt = performerOf(step).ask === undefined ? step.remote?.until : later(at(), SILENCE_SECONDS);
    const noted = await transitionRun(ports, run, {
      ...{ type: 'underway', step: name.step, claimId: claimIdOf(name.attempt), at: at() },
      ...(jobId === undefined ? {} : { jobId }),
      lookAt: lookAt ?? now,
    });
    if (noted?.changed === true) return;
    // It was cancelled while it was being begun, and its stop may have come too early.
    const isOver = stepNamed(noted?.run, job.step)?.state === 'succeeded';
    if (!isOver) await performerOf(step).stop?.({ ...jobOf(run, step), jobId });
  };

  const ask = async (run: Run, step: HandedStep): Promise<void> => {
    const standing = await performerOf(step).ask?.(jobOf(run, step));
    if (standing === undefined || (standing.type === 'underway' && standing.percent === undefined)) return;
    await tell(nameOf(run, step), standing);
  };

  const stop = async ({ recordId, runId, step: name, attempt, orphan }: RemoteStepJob): Promise<void> => {
    const run = await ports.runs.get(recordId, runId);
    const step = stepNamed(run, name);
    const abandoned = step?.abandoned?.find((one) => one.attempt === attempt);
    const of = { recordId, runId, step: name, attempt };
    if (run !== undefined && step !== undefined && abandoned !== undefined) {
      const { jobId, looks } = abandoned;
      try {
        await performerOf(step).stop?.({ name: of, step, jobId, since: run.createdAt });
      } catch (cause) {
        if (looks < MOST_STOP_LOOKS) throw cause;
        ports.telemetry.log.error('A step that nobody waits for could not be stopped', {
          ...of,
          jobId,
          cause,
        });
      }
      await transitionRun(ports, run, { type: 'stopped', step: name, attempt, at: at() });
    } else if (orphan !== undefined && isRemote(orphan.step)) {
      const { step: theirs, destination, jobId, since } = orphan;
      await performerOf({ step: theirs }).stop?.({
        name: of,
        step: { step: theirs, destination },
        jobId,
        since,
      });
    }
  };

  const seeTo = async (job: RemoteStepJob): Promise<void> => {
    if (job.stop === true) return stop(job);
    const run = await ports.runs.get(job.recordId, job.runId);
    const step = stepNamed(run, job.step);
    if (run === undefined || step === undefined) return;
    const isRunning = step.state === 'running' && step.attempt === job.attempt + 1;
    const handedAt = isRunning ? step.remote?.handedAt : undefined;
    if (handedAt !== undefined) return later(handedAt, SETTLING_SECONDS) > at() ? undefined : ask(run, step);
    return handOver(job, step, isRunning);
  };

  return { seeTo, tell };
};
export type SeeTo = ReturnType<typeof createSeeTo>;
