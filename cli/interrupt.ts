import { setTimeout as wait } from 'node:timers/promises';
import type { Io } from './io.ts';

/** Waits; comes back early, without an error, when `signal` is aborted. */
export const pause = async (milliseconds: number, signal: AbortSignal): Promise<void> => {
  await wait(milliseconds, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
};

/** Runs something that a first Ctrl-C ends in good order, and a second one in a hurry. */
export const interruptible = async <Result>(
  io: Pick<Io, 'onInterrupt'>,
  run: (stop: AbortSignal, hurry: AbortSignal) => Promise<Result>,
): Promise<Result> => {
  const stop = new AbortController();
  const hurry = new AbortController();
  const release = io.onInterrupt(() => (stop.signal.aborted ? hurry : stop).abort());
  try {
    return await run(stop.signal, hurry.signal);
  } finally {
    release();
  }
};
