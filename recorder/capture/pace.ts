/** How far an encoder may be behind: as much as a server sends at once to a new reader, it works off by itself. */
const MOST_LAG_MS = 5000;
/** So long it must not have caught up. */
const WINDOW_MS = 5000;

/** Whether an encoder is slower than its stream. */
export interface Pace {
  /**
   * To be asked every now and then.
   * @param lagMs for how long what comes next has been waiting for the encoder
   */
  isBehind(now: number, lagMs: number): boolean;
}

export const createPace = (): Pace => {
  let samples: { readonly at: number; readonly lagMs: number }[] = [];
  return {
    isBehind: (now, lagMs) => {
      samples.push({ at: now, lagMs });
      const before = samples.findLast(({ at }) => at <= now - WINDOW_MS);
      if (before === undefined) return false;
      samples = samples.filter(({ at }) => at >= before.at);
      return lagMs >= MOST_LAG_MS && lagMs >= before.lagMs;
    },
  };
};
