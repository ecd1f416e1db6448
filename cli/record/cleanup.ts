import { setTimeout as wait } from 'node:timers/promises';
import { ApiProblem } from '../../client/index.ts';
import type { Output } from '../output/output.ts';

/** Takes away again what was made, the last first. */
export interface Cleanup {
  /** `leftOver`: the command that does it by hand; absent when it need not be done. */
  add(remove: () => Promise<unknown>, leftOver?: string): void;
  /** Never throws: what cannot be taken away is said. */
  run(): Promise<void>;
}

/** Something is in use until the end of what used it has been carried through. */
const PATIENCE_MS = 30_000;
const PAUSE_MS = 500;

const isGone = (error: unknown): boolean => error instanceof ApiProblem && error.status === 404;
const isInUse = (error: unknown): boolean => error instanceof ApiProblem && error.status === 409;

const removed = async (remove: () => Promise<unknown>): Promise<void> => {
  const begun = performance.now();
  for (;;) {
    try {
      await remove();
      return;
    } catch (error) {
      if (isGone(error)) return;
      if (!isInUse(error) || performance.now() - begun > PATIENCE_MS) throw error;
      await wait(PAUSE_MS);
    }
  }
};

export const createCleanup = (out: Pick<Output, 'note'>): Cleanup => {
  const steps: { leftOver: string | undefined; remove: () => Promise<unknown> }[] = [];
  return {
    add: (remove, leftOver) => {
      steps.push({ leftOver, remove });
    },
    run: async () => {
      for (const { leftOver, remove } of steps.reverse()) {
        try {
          await removed(remove);
        } catch (error) {
          if (leftOver === undefined) continue;
          const why = error instanceof Error ? error.message : String(error);
          out.note(`Something is left over (${why}). Take it away with: streamkeep ${leftOver}`);
        }
      }
    },
  };
};
