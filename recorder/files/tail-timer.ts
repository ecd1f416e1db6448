/**
 * Seconds after which media that fill no part are put as an object of their own. A killed recorder loses at most
 * these, two seconds, of a fragment in ffmpeg or as below, and the time of the put itself: less than 10 s in all.
 */
export const TAIL_SECONDS = 6;

/** So much longer, where they become a part themselves as soon as a group of pictures begins. */
const GROUP_SECONDS = 2;

/** Says when the media of a file that fill no part yet are to be made durable. */
export class TailTimer {
  readonly #timer: NodeJS.Timeout;
  readonly #isGroupAwaited: () => boolean;
  readonly #onDue: () => void;
  #seconds = 0;

  /** @param isGroupAwaited whether there is enough for a part, which ends before the next group of pictures */
  constructor(isGroupAwaited: () => boolean, onDue: () => void) {
    this.#isGroupAwaited = isGroupAwaited;
    this.#onDue = onDue;
    this.#timer = setInterval(() => this.#look(), GROUP_SECONDS * 1000);
  }

  /** A part has made everything durable: the next tail is due a full interval later. */
  restart(): void {
    this.#seconds = 0;
    this.#timer.refresh();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    this.#seconds += GROUP_SECONDS;
    if (this.#seconds < TAIL_SECONDS + (this.#isGroupAwaited() ? GROUP_SECONDS : 0)) return;
    this.#seconds = 0;
    this.#onDue();
  }
}
