import { once } from 'node:events';
import type { SessionState } from '../capture/supervise.ts';
import type { Log } from '../log.ts';
import { pause } from './pause.ts';
import type { SessionNews } from './session-news.ts';

export interface AwaitReturnOptions {
  readonly recordId: string;
  readonly seconds: number;
  /** Whether its session goes on although nothing comes: only another one is its return. */
  readonly isLive: boolean;
  readonly news: SessionNews;
  readonly log: Log;
  /** Aborted when nobody waits any longer. */
  readonly signal: AbortSignal;
  /** @param isNoted whether somebody has said so who had noted it before, on whatever goes on with it */
  session(isNoted: boolean): Promise<SessionState>;
}

/** What should have been heard may be lost. From one look to the next it takes twice as long, up to a limit. */
const FIRST_LOOK_MS = 15_000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Waits for a stream that was interrupted: looks at once, whenever something is heard of it, ever more rarely in between, and
 * when the time is over.
 * @returns `over` when it has not come back in time; `given-up` when the signal was aborted first
 */
export const awaitReturn = async ({
  recordId,
  seconds,
  isLive,
  news,
  log,
  signal,
  session,
}: AwaitReturnOptions): Promise<'back' | 'over' | 'given-up'> => {
  const endsAt = Date.now() + seconds * 1000;
  let isNoted = false;
  for (let pauseMs = FIRST_LOOK_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const round = new AbortController();
    const done = AbortSignal.any([signal, round.signal]);
    // Listened for from here on: what is said during the look must not be missed.
    const heard = once(news, 'heard', { signal: done }).then(
      () => true,
      () => false,
    );
    const leftMs = endsAt - Date.now();
    const state = await session(isNoted).catch((cause: unknown) => {
      log.warn('The session could not be looked up', { recordId, cause });
      return 'ended' as const;
    });
    const isBack = state === 'resumed' || (state === 'live' && !isLive);
    const isOver = signal.aborted || isBack || leftMs <= 0;
    if (!isOver) isNoted = (await Promise.race([heard, pause(Math.min(leftMs, pauseMs), done)])) === true;
    round.abort();
    if (signal.aborted) return 'given-up';
    if (isOver) return isBack ? 'back' : 'over';
  }
};
