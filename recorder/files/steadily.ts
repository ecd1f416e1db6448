import { setTimeout as wait } from 'node:timers/promises';

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5000;
/** Nobody waits longer than this for a table that is away: the lease is long over by then. */
const PATIENCE_MS = 300_000;

/**
 * Runs an operation on the table again and again, with growing pauses, until it is answered. What is to be written down
 * of a recording waits for a table that throttles or is away; its media go on meanwhile.
 * @throws what the operation threw last when `signal` is aborted or five minutes are over
 */
export const steadily = async <Result>(
  operation: () => Promise<Result>,
  { signal, onRetry }: { readonly signal: AbortSignal; onRetry(error: unknown): void },
): Promise<Result> => {
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await operation();
    } catch (error) {
      if (signal.aborted || performance.now() + pause > giveUpAt) throw error;
      onRetry(error);
      await wait(pause, undefined, { signal }).catch(() => undefined);
    }
  }
};
