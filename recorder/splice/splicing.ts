import { endReason } from '../../shared/recordings/end-reason.ts';
import type { Reason } from '../../shared/schemas/recording.ts';
import type { StandbyContent } from '../../shared/schemas/standby-content.ts';
import type { Carried } from '../capture/carried.ts';
import type { Effort } from '../capture/effort.ts';
import type { CaptureOutputs } from '../capture/outputs.ts';
import type { Recipe } from '../capture/recipe.ts';
import type { Log } from '../log.ts';
import type { Sink } from '../sink/sink.ts';
import type { Clip } from './clip.ts';
import type { Clips } from './clips.ts';
import { Tape } from './tape.ts';

/** Tapes in a row that came to nothing: another one would, too. */
const MOST_FAILURES = 2;
/** A tape has come to nothing when less than that is in its files. */
const LEAST_SECONDS = 1;

export interface SplicingOptions {
  readonly recordId: string;
  readonly content: StandbyContent;
  readonly sink: Sink;
  readonly clips: Pick<Clips, 'get'>;
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
  /** Aborted when another clip is wanted than before, or none. */
  #wanted = new AbortController();
  #failures = 0;
  #isAbandoned = false;

  constructor(options: SplicingOptions) {
    this.#options = options;
  }

  /** Aborted when no other capture can go on with the tape that is open; undefined: none is. */
  get outgrown(): AbortSignal | undefined {
    return this.#tape?.outgrown;
  }

  /** Whether a capture with this effort can go on with the tape at once. */
  goesOnWith(effort: Effort): boolean {
    return this.#tape?.effort === effort && this.#tape.isReady;
  }

  /** Whether a capture with this effort can go on with the tape later, if its standby content is there by then. */
  waitsFor(effort: Effort): boolean {
    return this.#tape?.effort === effort && this.#tape.mayGoOn;
  }

  /**
   * The tape that is to be gone on with, or a new one; undefined: tapes cannot be made here.
   * @param carried of the capture that begins
   */
  async open(
    effort: Effort,
    carried: Carried,
    openOutputs: (tape: Tape) => Promise<CaptureOutputs>,
    repairAfterMs = 0,
  ): Promise<Tape | undefined> {
    if (this.#tape !== undefined) return this.#tape;
    if (this.#failures >= MOST_FAILURES) return undefined;
    const { recordId, sink, log, monotonicNow, onTrouble } = this.#options;
    const tape = new Tape({
      ...{ recordId, sink, effort, carried, log, monotonicNow, onTrouble, repairAfterMs },
      clipOf: (recipe) => this.#clipOf(recipe, effort),
    });
    this.#tape = tape;
    try {
      tape.outputs = await openOutputs(tape);
    } catch (error) {
      this.#drop();
      throw error;
    }
    if (this.#isAbandoned) this.#drop();
    return tape;
  }

  /**
   * The tape that is open, which no other capture goes on with: whoever has it is to close it.
   * @param carried where its playlist is left
   */
  release(carried: Carried): Tape | undefined {
    const tape = this.#tape;
    this.#tape = undefined;
    if (tape === undefined) return undefined;
    this.#count(tape);
    // What it still has to put down may take a while.
    carried.isLate = true;
    carried.file = tape.left;
    return tape;
  }

  /** As `release`, of a recording that is over here: nothing is made for it any more. */
  end(carried: Carried): Tape | undefined {
    this.#wanted.abort();
    return this.release(carried);
  }

  /** Writes nothing any more: the recording has another owner, or nothing more is done for it here. */
  abandon(): void {
    this.#isAbandoned = true;
    this.#wanted.abort();
    this.#drop();
  }

  #drop(): void {
    const tape = this.#tape;
    this.#tape = undefined;
    if (tape === undefined) return;
    tape.abandon();
    tape.close(undefined, 'open').catch((cause: unknown) => {
      this.#options.log.warn('A tape could not be put down', { recordId: this.#options.recordId, cause });
    });
  }

  /** What fails again and again is recorded without a tape. */
  #count({ spent, outputs }: Tape): void {
    const hasFailed = spent !== undefined && outputs.recordedSeconds() < LEAST_SECONDS;
    this.#failures = hasFailed ? this.#failures + 1 : 0;
    if (this.#failures === MOST_FAILURES) this.#options.onTrouble(endReason('standby-missing'));
  }

  async #clipOf(recipe: Recipe, effort: Effort): Promise<Clip | undefined> {
    const { recordId, content, clips, log, onTrouble } = this.#options;
    const [before, wanted] = [this.#wanted, new AbortController()];
    this.#wanted = wanted;
    try {
      const clip = clips.get({ recipe, effort, content }, wanted.signal);
      // Only now: most often it is the same one.
      before.abort();
      return await clip;
    } catch (cause) {
      if (wanted.signal.aborted) return undefined;
      log.error('Standby content could not be made', { recordId, cause });
      onTrouble(endReason('standby-missing'));
      return undefined;
    }
  }
}
