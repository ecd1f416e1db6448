import { endReason } from '../../shared/recordings/end-reason.ts';
import type { Carried } from '../capture/carried.ts';
import type { Making } from '../capture/making.ts';
import { type OutputsOptions, openOutputs } from '../capture/outputs.ts';
import type { Splicing } from './splicing.ts';
import type { Tape } from './tape.ts';

export interface TapesOptions
  extends Omit<OutputsOptions, 'startedAt' | 'copied' | 'onCodecChange' | 'onBroken' | 'onTimeJump'> {
  readonly splicing?: Splicing | undefined;
  readonly making: Making;
  readonly repairAfterMs?: number;
}

interface ReleaseOptions {
  readonly splicing?: Splicing | undefined;
  /** What the captures before have left: the same object for each. */
  readonly carried: Carried;
  onClosing(closed: Promise<void>): void;
}

/** Ends the files of captures before, which nobody goes on with but for their playlist. */
export const closeTape = ({ splicing, carried, onClosing }: ReleaseOptions): void => {
  const outgrown = splicing?.release(carried);
  if (outgrown !== undefined) onClosing(outgrown.close(undefined, 'next-capture'));
};

/** Closes the tape of captures before when the one that begins cannot go on with it. */
export const closeOutgrown = (options: ReleaseOptions & { readonly making: Making }): void => {
  if (options.splicing?.goesOnWith(options.making.effort) === false) closeTape(options);
};

/** The tape that a capture puts its media on; undefined: it has files of its own. */
export const openTape = async (options: TapesOptions): Promise<Tape | undefined> => {
  const { splicing, making, carried, repairAfterMs } = options;
  // With no effort left the stream is recorded as it comes.
  if (making.effort === 'none') return undefined;
  const open = (tape: Tape) =>
    openOutputs({
      ...options,
      startedAt: new Date(),
      copied: Promise.resolve([]),
      isSpliced: true,
      thumbnails: undefined,
      // On a tape nothing changes and nothing jumps; if it does all the same, nothing more fits on it.
      onCodecChange: () => tape.spend(endReason('codec-changed')),
      onTimeJump: () => tape.spend(endReason('time-jumped')),
      onBroken: (format) => tape.broken(format),
    });
  return splicing?.open(making.effort, carried, open, repairAfterMs);
};
