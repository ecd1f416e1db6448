import { createHash } from 'node:crypto';

/** Names one try of one step, for ever: attempts are counted on when a run is run again. */
export interface TryName {
  readonly recordId: string;
  readonly runId: string;
  readonly step: string;
  /** From 1. */
  readonly attempt: number;
}

const digestOf = ({ recordId, runId, step, attempt }: TryName): string =>
  createHash('sha256')
    .update(JSON.stringify([recordId, runId, step, attempt]))
    .digest('hex');

/** Who may change a step while others have it: whoever speaks of this try. */
export const claimIdOf = (attempt: number): string => `try-${attempt}`;

/** The same each time that a try is handed over: at most 80 characters, letters, digits and `-`. */
export const executionNameOf = (name: TryName): string =>
  `streamkeep-${name.step}-${name.attempt}-${digestOf(name).slice(0, 24)}`;

/** The same each time that a try is handed over: 64 characters. */
export const requestTokenOf = (name: TryName): string => digestOf(name);
