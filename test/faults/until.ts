import { setTimeout as delay } from 'node:timers/promises';

const PAUSE_MS = 200;

/** Asks until there is an answer; undefined when there is none in time. */
export const within = async <Result>(
  timeoutMs: number,
  ask: () => Promise<Result | undefined> | Result | undefined,
): Promise<Result | undefined> => {
  const giveUpAt = performance.now() + timeoutMs;
  for (;;) {
    const result = await ask();
    if (result !== undefined || performance.now() > giveUpAt) return result;
    await delay(PAUSE_MS);
  }
};

/** As `within`. @throws saying what `what` is, when there is no answer in time */
export const until = async <Result>(
  what: string,
  timeoutMs: number,
  ask: () => Promise<Result | undefined> | Result | undefined,
): Promise<Result> => {
  const result = await within(timeoutMs, ask);
  if (result === undefined) throw new Error(`Not in ${timeoutMs / 1000} s: ${what}`);
  return result;
};
