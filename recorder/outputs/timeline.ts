import { TICKS_PER_SECOND } from '../containers/ts/pes.ts';
import type { TsUnit } from '../containers/ts/reader.ts';

export interface TimelineOptions {
  /** Monotonic, in milliseconds. */
  monotonicNow(): number;
  /** The source's time stamps do not go on from those before; in seconds since the capture's first. */
  onTimeJump?(fromSeconds: number, toSeconds: number): void;
}

/** Further ahead than this, and than the time that has passed, is no gap any more. */
const MOST_AHEAD_SECONDS = 10;

/**
 * ffmpeg hands out no time stamp that goes back: it writes one that is a millisecond later than the last, until the
 * source has caught up. So many frames in a row at such steps are no burst.
 */
const SQUEEZED_TICKS = TICKS_PER_SECOND / 1000;
const MOST_SQUEEZED = 25;

/** Seconds since the first time stamp of a capture. Where the source's time stamps jump, they just go on. */
export class Timeline {
  readonly #options: TimelineOptions;
  #zero: number | undefined;
  /** Left out at jumps, in ticks. */
  #jumped = 0;
  #last: { readonly dts: number; readonly at: number } | undefined;
  #step = 0;
  #squeezed = 0;

  constructor(options: TimelineOptions) {
    this.#options = options;
  }

  /** How long a frame lasts, as far as those before tell. */
  get frameSeconds(): number {
    return this.#step / TICKS_PER_SECOND;
  }

  /** When an access unit is shown; to be asked once for each, in their order. */
  secondsOf({ pts, dts, leads }: TsUnit): number {
    this.#zero ??= pts;
    if (leads) this.#follow(dts);
    return this.secondsAt(pts);
  }

  /** As the time stamps have been counted since the last jump. */
  secondsAt(ticks: number): number {
    return (ticks - (this.#zero ?? 0) - this.#jumped) / TICKS_PER_SECOND;
  }

  #follow(dts: number): void {
    const last = this.#last;
    const now = this.#options.monotonicNow();
    this.#last = { dts, at: now };
    if (last === undefined) return;
    const step = dts - last.dts;
    const most = (MOST_AHEAD_SECONDS + (now - last.at) / 1000) * TICKS_PER_SECOND;
    if (step < 0 || step > most) {
      this.#jumped += step - this.#step;
      this.#report(last.dts, dts);
      return;
    }
    if (step > SQUEEZED_TICKS) {
      this.#squeezed = 0;
      this.#step = step;
    } else {
      this.#squeezed += 1;
      if (this.#squeezed === MOST_SQUEEZED) this.#report(last.dts, dts);
    }
  }

  #report(from: number, to: number): void {
    const zero = this.#zero ?? 0;
    this.#options.onTimeJump?.((from - zero) / TICKS_PER_SECOND, (to - zero) / TICKS_PER_SECOND);
  }
}
