import { endReason } from '../../shared/recordings/end-reason.ts';
import type { Reason } from '../../shared/schemas/recording.ts';

/** The outputs of an ffmpeg that ends do so within this time. */
const ENDING_MS = 3000;

export interface RepairOptions {
  /** So long after its beginning it is worth a new ffmpeg, and new files of every other format. */
  readonly afterMs: number;
  /** Monotonic, in milliseconds. */
  now(): number;
  /** What it is made by has to end. */
  end(reason: Reason): void;
}

/** Sees to it that a format that cannot be read any further is given a new ffmpeg. */
export interface Repair {
  broken(format: string): void;
  /** It ends in any case. */
  stop(): void;
}

export const createRepair = ({ afterMs, now, end }: RepairOptions): Repair => {
  const openedAt = now();
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  return {
    broken: (format) => {
      if (isOver) return;
      timer ??= setTimeout(
        () => end(endReason('source-invalid', `${format.toUpperCase()} could not be read on.`)),
        Math.max(ENDING_MS, afterMs - (now() - openedAt)),
      );
    },
    stop: () => {
      isOver = true;
      clearTimeout(timer);
    },
  };
};
