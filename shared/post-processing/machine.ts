import type { Artifact, Run, RunState, RunStep, StepState } from '../schemas/post-processing.ts';
import type { Reason } from '../schemas/recording.ts';
import type { RemoteFile } from '../schemas/remote-steps.ts';
import { SOURCE } from './graph.ts';
import { CANCELLED, INPUT_FAILED, TIMED_OUT, WORKER_LOST } from './reasons.ts';
import { abandoning, afterRemoteLook, reclaimed, underway, withoutAbandoned } from './remote-tries.ts';
import { later, lookSeconds } from './times.ts';

interface OfClaim {
  readonly step: string;
  readonly claimId: string;
  readonly at: string;
}

/** What can happen to a run. Whoever is not, or no longer, the one who has a step cannot change anything. */
export type RunInput =
  | (OfClaim & {
      readonly type: 'claim';
      readonly attempt: number;
      readonly leasedUntil: string;
      /** Of a step that others do: when this try has failed, and what proves that an answer is theirs. */
      readonly remote?: { readonly until: string; readonly tokenHash?: string };
    })
  | (OfClaim & { readonly type: 'renew'; readonly percent: number; readonly leasedUntil: string })
  /** Others have it, and are so far; they are asked when nothing is heard of them until `lookAt`. */
  | (OfClaim & {
      readonly type: 'underway';
      readonly jobId?: string;
      readonly percent?: number;
      readonly lookAt: string;
    })
  | (OfClaim & { readonly type: 'succeeded' } & (
        | { readonly output: Artifact }
        | { readonly files: readonly RemoteFile[] }
      ))
  /** `final`: another try would be no use. */
  | (OfClaim & { readonly type: 'failed'; readonly reason: Reason; readonly final: boolean })
  /** A worker that shuts down gives it back; that is no failure. */
  | (OfClaim & { readonly type: 'released' })
  /** Others are not at that try any more. */
  | { readonly type: 'stopped'; readonly step: string; readonly attempt: number; readonly at: string }
  /** The sweeper looks for what was forgotten. */
  | { readonly type: 'looked'; readonly at: string }
  | { readonly type: 'cancel'; readonly at: string }
  /** What has not succeeded is to be run again. */
  | { readonly type: 'again'; readonly at: string };

export type RunEffect =
  | { readonly type: 'queue'; readonly step: string; readonly attempt: number; readonly delaySeconds: number }
  /** Others may still be at this try, and are to be stopped. */
  | { readonly type: 'stop'; readonly step: string; readonly attempt: number };

export type RunDecision =
  | { readonly type: 'ignored' }
  | { readonly type: 'changed'; readonly next: Run; readonly effects: readonly RunEffect[] };

/** Seconds between one try and the next; the last one counts for all that follow. */
const RETRY_WAITS = [10, 30, 120, 600] as const;
/** Tries to clear up after workers that were lost, beyond the tries of the step. */
const MOST_CLEARINGS = 2;

const IGNORED: RunDecision = { type: 'ignored' };
const FINAL: readonly StepState[] = ['succeeded', 'failed', 'cancelled', 'skipped'];
export const isFinal = ({ state }: Pick<RunStep, 'state'>): boolean => FINAL.includes(state);

/** No try is left; whoever gets it clears up behind those that were lost. */
export const isSpent = ({ failures, step }: RunStep): boolean => failures >= step.maxAttempts;

/** Without what belongs to the try that is over. */
const resting = ({ claimId: _, leasedUntil: __, dueAt: ___, lookAt: ____, ...step }: RunStep): RunStep => ({
  ...step,
  looks: 0,
});

const waiting = (step: RunStep, at: string, seconds: number): RunStep => {
  const dueAt = later(at, seconds);
  return { ...resting(step), state: 'pending', percent: 0, dueAt, lookAt: later(dueAt, lookSeconds(0)) };
};

const ended = (step: RunStep, state: StepState, at: string, more: Partial<RunStep> = {}): RunStep => ({
  ...resting(step),
  state,
  endedAt: at,
  ...more,
});

const afterFailure = (step: RunStep, reason: Reason, at: string, isLast: boolean): RunStep => {
  const failures = step.failures + 1;
  if (isLast) return ended(step, 'failed', at, { failures, reason });
  const seconds = RETRY_WAITS[Math.min(failures, RETRY_WAITS.length) - 1] ?? 0;
  return waiting({ ...step, failures, reason }, at, seconds);
};

/** What becomes of the step that a worker has. */
const afterWork = (
  step: RunStep,
  input: Extract<RunInput, OfClaim> & { type: 'renew' | 'underway' | 'succeeded' | 'failed' | 'released' },
): RunStep => {
  switch (input.type) {
    case 'underway':
      return underway(step, input);
    case 'renew':
      return { ...step, leasedUntil: input.leasedUntil, percent: Math.max(step.percent, input.percent) };
    case 'succeeded': {
      const { reason: _, ...done } = ended(step, 'succeeded', input.at, { percent: 100 });
      return 'output' in input ? { ...done, output: input.output } : { ...done, files: [...input.files] };
    }
    case 'failed':
      return afterFailure(
        step,
        input.reason,
        input.at,
        input.final || step.failures + 1 >= step.step.maxAttempts,
      );
    case 'released':
      return waiting(step, input.at, 0);
  }
};

/** What becomes of a step when somebody looks whether it was forgotten. */
const afterLook = (looked: RunStep, at: string): RunStep => {
  const step = afterRemoteLook(looked, at);
  if (step.state === 'running' && step.remote !== undefined) {
    if (step.remote.until > at) return step;
    return afterFailure(abandoning(step, at), TIMED_OUT, at, step.failures + 1 >= step.step.maxAttempts);
  }
  if (step.state === 'running' && (step.leasedUntil ?? at) < at) {
    const isLast = step.failures + 1 >= step.step.maxAttempts + MOST_CLEARINGS;
    return afterFailure(step, WORKER_LOST, at, isLast);
  }
  if (step.state !== 'pending' || step.lookAt === undefined || step.lookAt > at) return step;
  const looks = step.looks + 1;
  return { ...step, looks, lookAt: later(at, lookSeconds(looks)) };
};

const anew = (step: RunStep): RunStep => {
  if (step.state === 'succeeded') return step;
  const { reason: _, endedAt: __, startedAt: ___, ...rest } = resting(step);
  return { ...rest, state: 'pending', failures: 0, percent: 0 };
};

const claimed = (step: RunStep, input: Extract<RunInput, { type: 'claim' }>): RunStep => {
  if (step.state === 'running') return reclaimed(step, input);
  if (step.state !== 'pending' || step.attempt !== input.attempt || step.dueAt === undefined) return step;
  const { claimId, leasedUntil, at: startedAt, remote } = input;
  const { endedAt: _, remote: __, ...rest } = resting(step);
  const begun = {
    ...rest,
    state: 'running' as const,
    attempt: step.attempt + 1,
    claimId,
    leasedUntil,
    startedAt,
  };
  if (remote === undefined) return begun;
  const { until, tokenHash } = remote;
  return {
    ...begun,
    lookAt: leasedUntil,
    remote: { until, tokenHashes: tokenHash === undefined ? [] : [tokenHash] },
  };
};

/** The steps after an input; the same ones where it changes nothing. */
const afterInput = (run: Run, input: RunInput): readonly RunStep[] => {
  const { steps } = run;
  switch (input.type) {
    case 'looked':
      return steps.map((step) => afterLook(step, input.at));
    case 'cancel':
      return steps.map((step) =>
        isFinal(step)
          ? step
          : ended(abandoning(step, input.at), 'cancelled', input.at, { reason: CANCELLED }),
      );
    case 'again':
      return steps.map(anew);
    case 'claim':
      return steps.map((step) => (step.step.name === input.step ? claimed(step, input) : step));
    case 'stopped':
      return steps.map((step) =>
        step.step.name === input.step ? withoutAbandoned(step, input.attempt) : step,
      );
    default:
      return steps.map((step) => {
        const isTheirs = step.step.name === input.step && step.claimId === input.claimId;
        return isTheirs && step.state === 'running' ? afterWork(step, input) : step;
      });
  }
};

/** Lets the turn of steps come whose input is there, and skips those that will never get theirs. */
const moveOn = (steps: readonly RunStep[], at: string): RunStep[] => {
  const byName = new Map(steps.map((step) => [step.step.name, step]));
  const settle = (step: RunStep): RunStep => {
    if (step.state !== 'pending' || step.dueAt !== undefined) return step;
    if (step.step.input === SOURCE) return waiting(step, at, 0);
    const before = byName.get(step.step.input);
    const input = before && settle(before);
    if (input?.state === 'succeeded') return waiting(step, at, 0);
    return input !== undefined && isFinal(input)
      ? ended(step, 'skipped', at, { reason: INPUT_FAILED })
      : step;
  };
  return steps.map(settle);
};

const stateOf = (steps: readonly RunStep[]): RunState => {
  if (!steps.every(isFinal)) return 'running';
  if (steps.some(({ state }) => state === 'cancelled')) return 'cancelled';
  return steps.every(({ state }) => state === 'succeeded') ? 'succeeded' : 'failed';
};

/** A job for each step whose turn has come anew, or whose job counts as lost, and for each that others must be asked about. */
const jobs = (before: readonly RunStep[], after: readonly RunStep[], at: string): RunEffect[] =>
  after.flatMap((step, index): RunEffect[] => {
    if (step.state === 'running' && step.looks > (before[index]?.looks ?? step.looks)) {
      return [{ type: 'queue', step: step.step.name, attempt: step.attempt - 1, delaySeconds: 0 }];
    }
    if (step.state !== 'pending' || step.dueAt === undefined) return [];
    if (before[index]?.lookAt === step.lookAt) return [];
    const { attempt, dueAt } = step;
    const delaySeconds = Math.max(0, (Date.parse(dueAt) - Date.parse(at)) / 1000);
    return [{ type: 'queue', step: step.step.name, attempt, delaySeconds }];
  });

/** A stop for each try that nobody waits for any more, or whose stop counts as lost. */
const stops = (before: readonly RunStep[], after: readonly RunStep[]): RunEffect[] =>
  after.flatMap(({ step: { name }, abandoned = [] }, index) => {
    const known = before[index]?.abandoned ?? [];
    return abandoned
      .filter(({ attempt, lookAt }) => known.every((one) => one.attempt !== attempt || one.lookAt !== lookAt))
      .map(({ attempt }): RunEffect => ({ type: 'stop', step: name, attempt }));
  });

/** What may still happen to a run that is over. */
const AFTERWARDS: readonly RunInput['type'][] = ['again', 'looked', 'stopped'];

/** What is to be told of a run that has just ended so; nobody is told of one that was cancelled. */
const NOTICE_OF: Partial<Record<RunState, Run['owes']>> = {
  succeeded: 'post-processing.finished',
  failed: 'post-processing.failed',
};

/** What becomes of a run. Pure; any input may come twice, late and in any order. */
export const decide = (run: Run, input: RunInput): RunDecision => {
  const wasOver = run.state !== 'running';
  if (wasOver ? !AFTERWARDS.includes(input.type) : input.type === 'again') return IGNORED;
  const changed = afterInput(run, input);
  if (changed.every((step, index) => step === run.steps[index])) return IGNORED;
  const steps = moveOn(changed, input.at);
  const state = stateOf(steps);
  const { endedAt, owes: owed, ...rest } = run;
  const owes = wasOver && state !== 'running' ? owed : NOTICE_OF[state];
  const next: Run = {
    ...rest,
    steps,
    state,
    round: run.round + (input.type === 'again' ? 1 : 0),
    revision: run.revision + 1,
    ...(state === 'running' ? {} : { endedAt: (wasOver ? endedAt : undefined) ?? input.at }),
    ...(owes === undefined ? {} : { owes }),
  };
  return {
    type: 'changed',
    next,
    effects: [...jobs(run.steps, steps, input.at), ...stops(run.steps, steps)],
  };
};

/** A run as it is made, with the first jobs of it. */
export const begun = (run: Run): { readonly run: Run; readonly effects: readonly RunEffect[] } => {
  const steps = moveOn(run.steps, run.createdAt);
  return { run: { ...run, steps }, effects: jobs(run.steps, steps, run.createdAt) };
};

/** When somebody must look whether it was forgotten; undefined when nothing is to come. */
export const nextLookAt = ({ steps, owes, endedAt }: Run): string | undefined => {
  const untold = owes === undefined ? undefined : endedAt && later(endedAt, lookSeconds(0));
  const times = steps.flatMap((step) => [
    ...(step.abandoned ?? []).map(({ lookAt }) => lookAt),
    ...(isFinal(step) ? [] : [step.state === 'running' ? (step.lookAt ?? step.leasedUntil) : step.lookAt]),
  ]);
  return [untold, ...times].filter((time) => time !== undefined).sort()[0];
};
