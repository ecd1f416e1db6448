import { createHash } from 'node:crypto';
import { isBriefGap } from '../../shared/recordings/machine.ts';
import type { Recording } from '../../shared/schemas/recording.ts';
import type { Stream } from '../../shared/schemas/stream.ts';

/** Whether `recording`, of an earlier session, may go on with the one that begins. */
export const isResumable = (
  recording: Recording,
  session: Pick<Stream, 'startedAt' | 'lastEndedAt'>,
): boolean => {
  switch (recording.state) {
    case 'paused':
      return session.startedAt <= (recording.pausedUntil ?? '');
    case 'recording': {
      const waits = (recording.plan.formats.hls?.resumptionTimeout ?? 0) > 0;
      return (waits || isBriefGap(session)) && recording.stopping === undefined;
    }
    default:
      return false;
  }
};

/** The same for the same session and origin, so that making a recording can be repeated. */
export const recordIdOf = (sessionId: string, origin: string): string =>
  `rec_${createHash('sha256').update(`${sessionId}/${origin}`).digest('hex').slice(0, 26)}`;
