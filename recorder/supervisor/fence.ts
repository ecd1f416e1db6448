import { LEASE_SECONDS } from '../../shared/table/recorders.ts';

/**
 * Milliseconds after the sending of a heartbeat for which the lease is beyond doubt, once the table has confirmed it.
 * Whoever takes over waits for the whole lease; the rest is time to break off what is under way.
 */
const CERTAIN_MS = (LEASE_SECONDS - 2) * 1000;

const LOOK_MS = 250;

/** Keeps a recorder from writing what may belong to another one by now. */
export interface Fence {
  /**
   * Resolves as soon as it is certain that nobody has taken this recorder for dead: mostly at once, otherwise with the
   * next heartbeat that the table confirms. Never, when the lease is lost.
   */
  held(): Promise<void>;
  /**
   * For what is begun now: aborted when the lease becomes doubtful while it is under way, because no heartbeat gets
   * through, or because this process was frozen.
   */
  doubt(): AbortSignal;
}

export interface LeaseFence extends Fence {
  /** The table has confirmed a heartbeat. @param sentAt by the monotonic clock, in milliseconds */
  confirmed(sentAt: number): void;
  /** Looks no longer. */
  stop(): void;
}

/** @param monotonicNow in milliseconds */
export const createFence = (monotonicNow: () => number): LeaseFence => {
  let certainUntil = Number.NEGATIVE_INFINITY;
  let doubt = new AbortController();
  const waiting: (() => void)[] = [];
  const isCertain = (): boolean => monotonicNow() < certainUntil;

  // A frozen process cannot look. When it wakes this timer is due at once, before what it had begun gets far.
  const timer = setInterval(() => {
    if (!isCertain()) doubt.abort(new Error('The lease of this recorder is in doubt'));
  }, LOOK_MS);

  return {
    held: async () => {
      while (!isCertain()) {
        const { promise, resolve } = Promise.withResolvers<void>();
        waiting.push(resolve);
        await promise;
      }
      if (doubt.signal.aborted) doubt = new AbortController();
    },
    doubt: () => doubt.signal,
    confirmed: (sentAt) => {
      certainUntil = Math.max(certainUntil, sentAt + CERTAIN_MS);
      for (const resume of waiting.splice(0)) resume();
    },
    stop: () => clearInterval(timer),
  };
};
