/** Smaller ones are jitter. */
const LEAST_MS = 1000;

/**
 * Whether the time stamps of a stream have jumped ahead, rather than that it has paused, and gone on by its clock, or has
 * few frames. Pure; all in milliseconds.
 * @param passed real time since the media before, and since the capture began: its first media come at once
 */
export const isTimeJump = (
  { fromMs, toMs }: { fromMs: number; toMs: number },
  { sinceLastMs, sinceOpenedMs }: { sinceLastMs: number; sinceOpenedMs: number },
): boolean => toMs - fromMs - sinceLastMs > LEAST_MS && toMs - sinceOpenedMs > LEAST_MS;
