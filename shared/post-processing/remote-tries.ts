import type { RunStep } from '../schemas/post-processing.ts';
import { isStoppable } from './step-kinds.ts';
import { later, lookSeconds } from './times.ts';

/**
 * The part of the run machine that is about tries which others do. All functions are pure, and give back the same step
 * where nothing changes.
 *
 * A try is handed over in two writes: it is claimed, then it is begun at those who do it, under a name that follows from
 * the try, then it is noted that they have it. Who crashes between leaves a claim that runs out, and the same try is begun
 * once more under the same name.
 */

const earlier = (one: string, other: string): string => (one < other ? one : other);

export interface Reclaim {
  readonly attempt: number;
  readonly at: string;
  readonly leasedUntil: string;
  readonly remote?: { readonly tokenHash?: string };
}

/** The same try, for whoever hands it over because the one before has not come to it. */
export const reclaimed = (step: RunStep, { attempt, at, leasedUntil, remote: given }: Reclaim): RunStep => {
  const { remote } = step;
  const isOpen = remote !== undefined && remote.handedAt === undefined && step.attempt === attempt + 1;
  if (!isOpen || (step.leasedUntil ?? at) > at) return step;
  const tokenHashes = [...remote.tokenHashes, ...(given?.tokenHash === undefined ? [] : [given.tokenHash])];
  return { ...step, leasedUntil, lookAt: leasedUntil, remote: { ...remote, tokenHashes } };
};

export interface Underway {
  readonly at: string;
  readonly jobId?: string;
  readonly percent?: number;
  readonly lookAt: string;
}

/** Others have said that they have it. */
export const underway = (step: RunStep, { at, jobId, percent = 0, lookAt }: Underway): RunStep => {
  const { leasedUntil: _, ...rest } = step;
  if (rest.remote === undefined) return step;
  const { handedAt = at, until } = rest.remote;
  const known = rest.remote.jobId ?? jobId;
  return {
    ...rest,
    percent: Math.max(rest.percent, Math.min(99, percent)),
    lookAt: earlier(until, lookAt),
    remote: { ...rest.remote, handedAt, ...(known === undefined ? {} : { jobId: known }) },
  };
};

/** The step, when its try is given up while others may be at it: they are to be stopped. */
export const abandoning = (step: RunStep, at: string): RunStep => {
  const { state, remote, attempt, abandoned = [] } = step;
  if (state !== 'running' || remote === undefined || !isStoppable(step.step)) return step;
  const { jobId } = remote;
  const one = {
    attempt,
    ...(jobId === undefined ? {} : { jobId }),
    lookAt: later(at, lookSeconds(0)),
    looks: 0,
  };
  return { ...step, abandoned: [...abandoned, one] };
};

/** Others have left that try. */
export const withoutAbandoned = (step: RunStep, attempt: number): RunStep => {
  const { abandoned, ...rest } = step;
  const left = abandoned?.filter((one) => one.attempt !== attempt) ?? [];
  if (left.length === (abandoned?.length ?? 0)) return step;
  return left.length === 0 ? rest : { ...rest, abandoned: left };
};

type Abandoned = NonNullable<RunStep['abandoned']>[number];

const lookedFor = (one: Abandoned, at: string): Abandoned => {
  const looks = one.looks + 1;
  return { ...one, looks, lookAt: later(at, lookSeconds(looks)) };
};

/** When others have not been heard of they are asked again, and told again to stop. */
export const afterRemoteLook = (step: RunStep, at: string): RunStep => {
  const isDue = (lookAt: string | undefined): boolean => lookAt !== undefined && lookAt <= at;
  const stopping = step.abandoned?.some(({ lookAt }) => isDue(lookAt))
    ? { ...step, abandoned: step.abandoned.map((one) => (isDue(one.lookAt) ? lookedFor(one, at) : one)) }
    : step;
  const { state, remote, lookAt } = step;
  if (state !== 'running' || remote === undefined || remote.until <= at || !isDue(lookAt)) return stopping;
  const looks = step.looks + 1;
  return { ...stopping, looks, lookAt: earlier(remote.until, later(at, lookSeconds(looks))) };
};
