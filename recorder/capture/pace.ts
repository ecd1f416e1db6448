/** How far an encoder may be behind: as much as a server sends at once to a new reader, it works off by itself. */
const MOST_LAG_MS = 5000;
/** So long it must not have caught up. */
const WINDOW_MS = 5000;

/** Whether an encoder is slower than its stream. */
export interface Pace {
  /**
   * To be asked every now and then.
   * @param lagMs for how long what comes next has been waiting for the encoder
   * @param isHeldUp nobody takes what it makes
   */
  isBehind(now: number, lagMs: number, isHeldUp?: boolean): boolean;
}

export const createPace = (): Pace => {
  let samples: { readonly at: number; readonly lagMs: number }[] = [];
  return {
    isBehind: (now, lagMs, isHeldUp = false) => {
      if (isHeldUp) {
        // What has piled up is not its fault, and it is given its time to catch up.
        samples = [];
        return false;
      }
      samples.push({ at: now, lagMs });
      const before = samples.findLast(({ at }) => at <= now - WINDOW_MS);
      if (before === undefined) return false;
      samples = samples.filter(({ at }) => at >= before.at);
      return lagMs >= MOST_LAG_MS && lagMs >= before.lagMs;
    },
  };
};

/** An encoder looks ahead, and says nothing while it flushes: so long it must not be silent with something to do. */
const HANGS_AFTER_MS = 30_000;
/** A look that comes so late has slept itself, and knows nothing of the time between. */
const SLEPT_MS = 5000;

/** Whether an encoder does nothing any more, although it has not gone. */
export interface HangWatch {
  /**
   * To be asked every now and then.
   * @param reports times it has said so far that it is at work
   * @param isBusy whether there is anything for it to do
   */
  hangs(now: number, reports: number, isBusy: boolean): boolean;
}

export const createHangWatch = (hangsAfterMs = HANGS_AFTER_MS): HangWatch => {
  let [reported, movedAt, lookedAt] = [0, 0, 0];
  return {
    hangs: (now, reports, isBusy) => {
      if (reports > reported || !isBusy || now - lookedAt > SLEPT_MS) movedAt = now;
      [reported, lookedAt] = [reports, now];
      return now - movedAt > hangsAfterMs;
    },
  };
};
