import { type EndCode, endReason } from '../../shared/recordings/end-reason.ts';
import type { Reason } from '../../shared/schemas/recording.ts';
import type { Log } from '../log.ts';
import type { Ffmpeg } from './ffmpeg.ts';
import type { Input } from './input.ts';
import type { CaptureOutputs } from './outputs.ts';
import { type Glance, watch } from './watch.ts';

const WATCH_INTERVAL_MS = 100;

export interface SupervisionOptions {
  readonly recordId: string;
  readonly log: Log;
  /** Aborted with a `Reason` to end the capture cleanly, with anything else to drop it. */
  readonly stop: AbortSignal;
  /** Whether the session that is being recorded is over. */
  sessionEnded(): Promise<boolean>;
}

export interface Supervision {
  /** Why the capture was ended; undefined when ffmpeg went by itself. */
  reason(): Reason | undefined;
  /** Ends the capture cleanly; the first reason wins. */
  end(reason: Reason): void;
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
  outputs: CaptureOutputs,
): Supervision => {
  const { gate } = input;
  const openedAt = performance.now();
  let reason: Reason | undefined;
  let lastBytes = 0;
  let glance: Glance = {
    now: openedAt,
    lastByteAt: openedAt,
    isOverflowFull: false,
    lookedAt: 0,
    looks: 0,
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

  const lookUpSession = async (): Promise<void> => {
    glance = { ...glance, lookedAt: glance.now, looks: glance.looks + 1 };
    try {
      if (await options.sessionEnded()) end(endReason('session-ended'));
    } catch (cause) {
      // The next look comes by itself, and the stall limit in the end.
      options.log.warn('The session could not be looked up', { recordId: options.recordId, cause });
    }
  };

  const timer = setInterval(() => {
    const now = performance.now();
    const bytes = gate?.bytesRead() ?? 0;
    // SRT passes no gate; there ffmpeg's own time-out notices silence, and a command the end of the session.
    const came = gate === undefined || bytes > lastBytes || gate.isPausing?.() === true;
    lastBytes = bytes;
    glance = {
      ...glance,
      now,
      isOverflowFull: outputs.isOverflowFull(),
      ...(came ? { lastByteAt: now, looks: 0 } : {}),
    };
    const verdict = watch(glance);
    if (verdict === 'look-up-session') {
      if (reason === undefined) void lookUpSession();
    } else if (verdict !== 'go-on') end(endReason(verdict satisfies EndCode));
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
    stop: () => {
      clearInterval(timer);
      options.stop.removeEventListener('abort', onStop);
    },
  };
};
