import type { Reason } from '../../shared/schemas/recording.ts';
import type { Log } from '../log.ts';

/** What can be wrong with a recording that goes on. The first one is told when several are. */
const CAUSES = ['storage', 'source', 'ours'] as const;
export type TroubleCause = (typeof CAUSES)[number];

/** What is wrong with one recording at present, of each cause. */
export interface Troubles {
  /** Notes that something is wrong, or, with undefined, not any more. Only changes are written, and told of as well. */
  set(cause: TroubleCause, reason: Reason | undefined): void;
  /** When everything is written that has been set. */
  settled(): Promise<void>;
}

/**
 * @param write writes the trouble that counts; a failure is logged, and mended by the next change
 */
export const createTroubles = (
  recordId: string,
  write: (trouble: Reason | undefined) => Promise<unknown>,
  log: Log,
): Troubles => {
  const current = new Map<TroubleCause, Reason>();
  let written: string | undefined;
  let work = Promise.resolve();

  const tell = async (): Promise<void> => {
    const trouble = CAUSES.map((cause) => current.get(cause)).find((reason) => reason !== undefined);
    // The text may change with each try; what is wrong does not.
    if (trouble?.code === written) return;
    try {
      await write(trouble);
      written = trouble?.code;
    } catch (cause) {
      log.warn('The trouble of a recording could not be noted', { recordId, trouble, cause });
    }
  };
  return {
    set: (cause, reason) => {
      if (reason === undefined) current.delete(cause);
      else if (current.get(cause)?.code !== reason.code) {
        current.set(cause, reason);
        log.warn('A recording goes on although something is wrong', { recordId, cause, reason });
      }
      work = work.then(tell);
    },
    settled: () => work,
  };
};
