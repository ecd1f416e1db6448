import { endReason } from '../../shared/recordings/end-reason.ts';
import type { Reason } from '../../shared/schemas/recording.ts';
import type { StandbyContent } from '../../shared/schemas/standby-content.ts';
import type { Effort } from '../capture/effort.ts';
import type { LoadImages } from '../capture/making.ts';
import type { CaptureOutputs, CarriedHls } from '../capture/outputs.ts';
import type { Log } from '../log.ts';
import type { Sink } from '../sink/sink.ts';
import { makeClip } from './make-clip.ts';
import { Tape } from './tape.ts';

export interface SplicingOptions {
  readonly recordId: string;
  readonly content: StandbyContent;
  readonly sink: Sink;
  readonly images: LoadImages;
  readonly log: Log;
  /** Monotonic, in milliseconds. */
  monotonicNow(): number;
  /** Standby content cannot be had: interruptions will be as without it. */
  onTrouble(reason: Reason): void;
}

/** The tape of one recording, which one of its captures leaves to the next: the same object for each. */
export class Splicing {
  readonly #options: SplicingOptions;
  #tape: Tape | undefined;

  constructor(options: SplicingOptions) {
    this.#options = options;
  }

  /** Whether the next capture can go on with what the one before has left. */
  get isOpen(): boolean {
    return this.#tape?.isSpent === false;
  }

  /** Whether captures with this effort can go on with the tape as it is. */
  async goesOnWith(effort: Effort): Promise<boolean> {
    return (await this.#tape?.goesOnWith(effort)) === true;
  }

  /**
   * The tape that is to be gone on with, or a new one.
   * @param carried of the capture that begins
   */
  async open(
    effort: Effort,
    carried: CarriedHls,
    openOutputs: (tape: Tape) => Promise<CaptureOutputs>,
  ): Promise<Tape> {
    if (this.#tape !== undefined) return this.#tape;
    const { recordId, content, sink, images, log, monotonicNow, onTrouble } = this.#options;
    const tape = new Tape({
      ...{ recordId, sink, effort, carried, log, monotonicNow, onTrouble },
      clipOf: async (recipe) => {
        try {
          const [file] = await images([content]);
          if (file === undefined) throw new Error('There is no standby content');
          return await makeClip({ recipe, effort, content, file });
        } catch (cause) {
          log.error('Standby content could not be made', { recordId, cause });
          onTrouble(endReason('standby-missing'));
          return undefined;
        }
      },
    });
    tape.outputs = await openOutputs(tape);
    this.#tape = tape;
    return tape;
  }

  /**
   * The tape that is open, which no other capture goes on with: whoever has it is to close it.
   * @param carried where its playlist is left
   */
  release(carried: CarriedHls): Tape | undefined {
    const tape = this.#tape;
    this.#tape = undefined;
    if (tape === undefined) return undefined;
    // What it still has to put down may take a while.
    carried.isLate = true;
    carried.file = tape.left;
    return tape;
  }

  /** Writes nothing any more: the recording has another owner. */
  abandon(): void {
    const tape = this.#tape;
    if (tape === undefined) return;
    tape.abandon();
    tape.close(undefined, 'open').catch((cause: unknown) => {
      this.#options.log.warn('A tape could not be put down', { recordId: this.#options.recordId, cause });
    });
  }
}
