/** What a capture's input and outputs look like at one moment; times in milliseconds, monotonic. */
export interface Glance {
  readonly now: number;
  readonly lastByteAt: number;
  /** Media found no room to wait for a storage. */
  readonly isOverflowFull: boolean;
  /** When the session was last looked up, and how many times since the last byte. */
  readonly lookedAt: number;
  readonly looks: number;
}

export type Watch = 'go-on' | 'look-up-session' | 'source-silent' | 'overflow-full';

/** Half a second without a byte: perhaps the stream has ended, and the ingest server has not told its readers. */
const SILENCE_MS = 500;
const LONGEST_LOOK_PAUSE_MS = 4000;
/** Silence that ends a capture although the session goes on. */
export const STALL_MS = 10_000;

/** What the watch over a capture must do now. Pure. */
export const watch = (glance: Glance): Watch => {
  if (glance.isOverflowFull) return 'overflow-full';
  const silence = glance.now - glance.lastByteAt;
  if (silence < SILENCE_MS) return 'go-on';
  if (silence >= STALL_MS) return 'source-silent';
  const pause = Math.min(SILENCE_MS * 2 ** Math.max(0, glance.looks - 1), LONGEST_LOOK_PAUSE_MS);
  return glance.looks === 0 || glance.now - glance.lookedAt >= pause ? 'look-up-session' : 'go-on';
};
