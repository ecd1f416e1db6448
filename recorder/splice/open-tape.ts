import type { Making } from '../capture/making.ts';
import { type CarriedHls, type OutputsOptions, openOutputs } from '../capture/outputs.ts';
import type { Splicing } from './splicing.ts';
import type { Tape } from './tape.ts';

interface SpliceOptions {
  readonly splicing?: Splicing | undefined;
  readonly making: Making;
  /** What the capture before has left, the same object for each; or what this one has taken of it. */
  readonly carried: CarriedHls;
}

/** Closes the tape of captures before when the one that begins cannot go on with it. */
export const closeOutgrown = async ({
  splicing,
  making: { effort },
  carried,
  onClosing,
}: SpliceOptions & { onClosing(closed: Promise<void>): void }): Promise<void> => {
  if (splicing === undefined || (await splicing.goesOnWith(effort))) return;
  const outgrown = splicing.release(carried);
  if (outgrown !== undefined) onClosing(outgrown.close(undefined, 'next-capture'));
};

/** The tape that a capture puts its media on; undefined: it has files of its own. */
export const openTape = async (
  options: SpliceOptions &
    Omit<OutputsOptions, 'startedAt' | 'copied' | 'onCodecChange' | 'onBroken' | 'onTimeJump'>,
): Promise<Tape | undefined> => {
  const { splicing, making, carried } = options;
  // With no effort left the stream is recorded as it comes.
  if (making.effort === 'none') return undefined;
  return splicing?.open(making.effort, carried, (tape) =>
    openOutputs({
      ...options,
      startedAt: new Date(),
      copied: Promise.resolve([]),
      thumbnails: undefined,
      // On a tape nothing changes and nothing jumps; if it does all the same, nothing more fits on it.
      onCodecChange: () => tape.spend(),
      onTimeJump: () => tape.spend(),
      onBroken: (format) => tape.broken(format),
    }),
  );
};
