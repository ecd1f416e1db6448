import { endReason } from '../../shared/recordings/end-reason.ts';
import type { Reason } from '../../shared/schemas/recording.ts';
import type { Log } from '../log.ts';
import type { Ffmpeg } from './ffmpeg.ts';
import type { Input } from './input.ts';
import type { CaptureOutputs } from './outputs.ts';
import { type Glance, SILENCE_MS, watch } from './watch.ts';

const WATCH_INTERVAL_MS = 100;
/** A watch that comes so late has slept itself, and knows nothing of the time between. */
const SLEPT_MS = 1000;

/** `resumed`: the recording goes on with a new session, which is live; said once of each. */
export type SessionState = 'live' | 'ended' | 'resumed';

export interface SupervisionOptions {
  readonly recordId: string;
  readonly log: Log;
  /** Aborted with a `Reason` to end the capture cleanly, with anything else to drop it. */
  readonly stop: AbortSignal;
  /** What has become of the session that is being recorded. */
  session(): Promise<SessionState>;
  /** Once, when the ingest server has taken it in as a reader, and when it still has it as one for a new session. RTMP only. */
  onConnected?(): void;
}

export interface Supervision {
  /** Why the capture was ended; undefined when ffmpeg went by itself. */
  reason(): Reason | undefined;
  /** Ends the capture cleanly; the first reason wins. */
  end(reason: Reason): void;
  /** Milliseconds until the source has been silent for long enough to take the end of its session for true. */
  untilSilence(): number;
  /** Watches no longer. */
  stop(): void;
}

const isReason = (value: unknown): value is Reason =>
  typeof value === 'object' && value !== null && 'code' in value;

/** Watches a running capture and ends it with the first reason there is. */
export const supervise = (
  options: SupervisionOptions,
  input: Input,
  ffmpeg: Ffmpeg,
  outputs: Pick<CaptureOutputs, 'isOverflowFull' | 'abandon'>,
): Supervision => {
  const { gate } = input;
  const openedAt = performance.now();
  let reason: Reason | undefined;
  let lastBytes = 0;
  let isResumed = false;
  let glance: Glance = {
    now: openedAt,
    lastByteAt: openedAt,
    isOverflowFull: false,
    lookedAt: 0,
    looks: 0,
    reports: 0,
    reportAt: openedAt,
    unanswered: 0,
    seesSource: gate !== undefined,
  };

  const end = (why: Reason): void => {
    const isFirst = reason === undefined;
    reason ??= why;
    if (isFirst && why.code === 'session-ended' && gate?.finish !== undefined) {
      void gate.finish().then(() => ffmpeg.expectExit());
      return;
    }
    ffmpeg.expectExit();
    if (gate === undefined) ffmpeg.interrupt();
    else gate.close();
  };

  const killHanging = (): void => {
    const { reportAt, now } = glance;
    const seconds = Math.round((now - reportAt) / 1000);
    reason ??= endReason('ffmpeg-failed', `It hung: it did nothing for ${seconds} s, and was killed.`);
    ffmpeg.kill();
    gate?.close();
  };

  const lookUpSession = async (): Promise<void> => {
    glance = { ...glance, lookedAt: glance.now, looks: glance.looks + 1 };
    try {
      const state = await options.session();
      if (state === 'ended') end(endReason('session-ended'));
      else if (state === 'live' && isResumed) end(endReason('session-resumed'));
      else if (state === 'resumed') {
        // Many servers keep their readers for the next publisher; whether this one does, the next look shows.
        isResumed = true;
        options.onConnected?.();
      }
    } catch (cause) {
      // The next look comes by itself, and the stall limit in the end.
      options.log.warn('The session could not be looked up', { recordId: options.recordId, cause });
    }
  };

  const timer = setInterval(() => {
    const now = performance.now();
    const bytes = gate?.bytesRead() ?? 0;
    // SRT passes no gate; there ffmpeg's own time-out notices silence, and a command the end of the session.
    const hasSent = gate === undefined || bytes > lastBytes;
    const isReported = ffmpeg.reports() > glance.reports || now - glance.now > SLEPT_MS;
    const came = hasSent || gate.isPausing?.() === true || now - glance.now > SLEPT_MS;
    lastBytes = bytes;
    if (hasSent) isResumed = false;
    glance = {
      ...glance,
      now,
      isOverflowFull: outputs.isOverflowFull(),
      ...(came ? { lastByteAt: now, looks: 0 } : {}),
      unanswered: glance.unanswered + (hasSent ? 1 : 0),
      ...(isReported ? { reports: ffmpeg.reports(), reportAt: now, unanswered: 0 } : {}),
    };
    const verdict = watch(glance);
    if (verdict === 'look-up-session') {
      if (reason === undefined) void lookUpSession();
    } else if (verdict === 'ffmpeg-hangs') killHanging();
    else if (verdict !== 'go-on') end(endReason(verdict));
  }, WATCH_INTERVAL_MS);

  const onStop = (): void => {
    const why: unknown = options.stop.reason;
    if (isReason(why)) end(why);
    else {
      outputs.abandon();
      ffmpeg.kill();
    }
  };
  options.stop.addEventListener('abort', onStop, { once: true });
  if (options.stop.aborted) onStop();

  return {
    reason: () => reason,
    end,
    untilSilence: () => Math.max(0, glance.lastByteAt + SILENCE_MS - performance.now()),
    stop: () => {
      clearInterval(timer);
      options.stop.removeEventListener('abort', onStop);
    },
  };
};
