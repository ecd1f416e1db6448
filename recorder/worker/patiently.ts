import { setTimeout as wait } from 'node:timers/promises';
import { StorageError } from '../../shared/storage/object-store.ts';

const PAUSES_MS = [500, 1000, 2000, 4000, 8000] as const;

/** Runs a storage operation again, with growing pauses, while what is wrong may pass. @throws what it threw last */
export const patiently = async <Result>(
  signal: AbortSignal,
  operation: () => Promise<Result>,
): Promise<Result> => {
  for (let tries = 0; ; tries += 1) {
    try {
      return await operation();
    } catch (error) {
      const pause = PAUSES_MS[tries];
      const mayPass = !(error instanceof StorageError) || error.kind === 'unavailable';
      if (pause === undefined || !mayPass || signal.aborted) throw error;
      await wait(pause, undefined, { signal });
    }
  }
};
