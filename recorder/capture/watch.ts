/** What a capture's input and outputs look like at one moment; times in milliseconds, monotonic. */
export interface Glance {
  readonly now: number;
  readonly lastByteAt: number;
  /** Media found no room to wait for a storage. */
  readonly isOverflowFull: boolean;
  /** When the session was last looked up, and how many times since the last byte. */
  readonly lookedAt: number;
  readonly looks: number;
  /** ffmpeg's reports so far, when the last one came, and in how many glances since then the source has sent something. */
  readonly reports: number;
  readonly reportAt: number;
  readonly unanswered: number;
  /** Whether what the source sends can be seen: not of SRT, which ffmpeg reads itself. */
  readonly seesSource: boolean;
}

export type Watch = 'go-on' | 'look-up-session' | 'source-silent' | 'overflow-full' | 'ffmpeg-hangs';

/**
 * So long without a byte: perhaps the stream has ended, and the ingest server has not told its readers. A publisher that
 * is back within half a second is never taken for gone: until its ingest server has asked about it and its new session is
 * known, a third of a second more may pass.
 */
export const SILENCE_MS = 850;
const LONGEST_LOOK_PAUSE_MS = 4000;
/** Silence that ends a capture although the session goes on. */
export const STALL_MS = 10_000;

/** Once ffmpeg has begun to write, it reports twice a second. Before that it finds out what the stream carries, for 5 s mostly. */
const HANG_MS = 5000;
const SLOW_START_MS = 9000;
/** Of SRT: behind the time-out by which ffmpeg ends itself when the source is silent. */
const UNSEEN_HANG_MS = 12_000;
/** A source that pauses leaves fewer glances between ffmpeg's last report and its pause. */
const LEAST_UNANSWERED = 10;

/** Whether ffmpeg lets the stream come and does nothing with it. */
const isHanging = ({ now, reports, reportAt, unanswered, seesSource }: Glance): boolean => {
  if (unanswered < LEAST_UNANSWERED) return false;
  if (reports === 0) return now - reportAt >= SLOW_START_MS;
  return now - reportAt >= (seesSource ? HANG_MS : UNSEEN_HANG_MS);
};

/** What the watch over a capture must do now. Pure. */
export const watch = (glance: Glance): Watch => {
  if (glance.isOverflowFull) return 'overflow-full';
  if (isHanging(glance)) return 'ffmpeg-hangs';
  const silence = glance.now - glance.lastByteAt;
  if (silence < SILENCE_MS) return 'go-on';
  if (silence >= STALL_MS) return 'source-silent';
  const pause = Math.min(SILENCE_MS * 2 ** Math.max(0, glance.looks - 1), LONGEST_LOOK_PAUSE_MS);
  return glance.looks === 0 || glance.now - glance.lookedAt >= pause ? 'look-up-session' : 'go-on';
};
