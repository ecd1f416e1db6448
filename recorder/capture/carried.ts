import type { HlsFile } from '../outputs/hls-file.ts';
import type { LeftFile } from '../outputs/left-file.ts';

/** What one capture leaves to the next one of the same recorder. */
export interface Carried {
  /** The HLS file, while it is still being stored. */
  file: Promise<HlsFile | undefined>;
  /** An encoder still makes the end of what the capture before has read; nobody must wait for it who reads on. */
  isLate?: boolean;
  /** Ids of files whose end is on its way into the table: they look open there, and nobody may go on with them. */
  readonly ended: Set<string>;
  /** The last file of each other format, by format, where the next output of it is to settle how it ends. */
  readonly left: Map<string, LeftFile>;
}

/** What the first capture finds. */
export const carriesNothing = (): Carried => ({
  file: Promise.resolve(undefined),
  ended: new Set(),
  left: new Map(),
});

/** What the capture that begins takes of what was left, and nobody else any more. */
export const takeCarried = (carried: Carried): Carried => {
  const taken = { ...carried };
  carried.isLate = false;
  return taken;
};

/** Closes, as they are, the files that no next output takes. */
export const closeAllLeft = async ({ left }: Carried): Promise<void> => {
  const files = [...left.values()];
  left.clear();
  await Promise.all(files.map(({ file, reason }) => file.close(reason)));
};
