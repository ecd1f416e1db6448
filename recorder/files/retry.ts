import { setTimeout as wait } from 'node:timers/promises';
import { StorageError } from '../../shared/storage/object-store.ts';

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5000;

/**
 * Runs a storage operation again and again, with growing pauses, until it succeeds or `patienceMs` is over.
 * Denied permission is tried again too: it may be granted while the stream is live. A conflict is not a fault
 * but an answer, and is thrown at once.
 */
export const persistently = async <Result>(
  operation: () => Promise<Result>,
  {
    patienceMs,
    signal,
    onRetry,
  }: { patienceMs: number; signal: AbortSignal; onRetry(error: StorageError): void },
): Promise<Result> => {
  const giveUpAt = performance.now() + patienceMs;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await operation();
    } catch (error) {
      if (!(error instanceof StorageError) || error.kind === 'conflict') throw error;
      if (signal.aborted || performance.now() + pause > giveUpAt) throw error;
      onRetry(error);
      await wait(pause, undefined, { signal });
    }
  }
};
