import { createHash } from 'node:crypto';
import type { Recording } from '../../shared/schemas/recording.ts';

/** Whether `recording`, of an earlier session, may go on with a session that began at `startedAt`. */
export const isResumable = (recording: Recording, startedAt: string): boolean => {
  switch (recording.state) {
    case 'paused':
      return startedAt <= (recording.pausedUntil ?? '');
    case 'recording':
      return (recording.plan.formats.hls?.resumptionTimeout ?? 0) > 0 && recording.stopping === undefined;
    default:
      return false;
  }
};

/** The same for the same session and origin, so that making a recording can be repeated. */
export const recordIdOf = (sessionId: string, origin: string): string =>
  `rec_${createHash('sha256').update(`${sessionId}/${origin}`).digest('hex').slice(0, 26)}`;
