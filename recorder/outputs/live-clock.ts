export interface LiveClockOptions {
  /** When the capture began. */
  startedAt(): Date;
  /** Monotonic, in milliseconds. */
  monotonicNow(): number;
}

/**
 * When the media of a capture were live. Media come late, by what an ingest server has kept for new readers and by what
 * ffmpeg holds back, and never early: so those that come with the least delay tell the time of all.
 */
export class LiveClock {
  readonly #options: LiveClockOptions;
  readonly #openedAt: number;
  /** Of the timeline's zero, on the monotonic clock. */
  #zeroAt = Number.POSITIVE_INFINITY;
  #zero: Date | undefined;

  constructor(options: LiveClockOptions) {
    this.#options = options;
    this.#openedAt = options.monotonicNow();
  }

  /** Media of this moment of the timeline have come. */
  came(seconds: number): void {
    this.#zeroAt = Math.min(this.#zeroAt, this.#options.monotonicNow() - seconds * 1000);
  }

  /** When zero of the timeline was. From the first time it is asked on it stays the same, for there must be no steps. */
  zero(): Date {
    const sinceStart = Number.isFinite(this.#zeroAt) ? this.#zeroAt - this.#openedAt : 0;
    this.#zero ??= new Date(this.#options.startedAt().getTime() + sinceStart);
    return this.#zero;
  }
}
