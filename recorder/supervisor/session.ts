import { setTimeout as wait } from 'node:timers/promises';
import type { Recording } from '../../shared/schemas/recording.ts';
import type { Recordings } from '../../shared/table/recordings.ts';
import type { Streams } from '../../shared/table/streams.ts';
import type { SessionState } from '../capture/supervise.ts';

/** A session is written before the recordings that go on with it. */
const NOTED_WITHIN_MS = 300;

export interface SessionPorts {
  readonly streams: Pick<Streams, 'get'>;
  readonly recordings: Pick<Recordings, 'get'>;
}

export interface SessionLook {
  /** The last one that it has heard of. */
  readonly sessionId: string;
  /** @param isNoted whether what has become of it stands in the recording already */
  look(isNoted?: boolean): Promise<SessionState>;
}

/**
 * Looks up the session of a recording. One read while it is live, two when it seems to be over: a publisher that was
 * gone for a moment has a new session, which the same recording may go on with. What is noted there already is not waited for.
 */
export const createSessionLook = (
  { streams, recordings }: SessionPorts,
  recording: Recording,
): SessionLook => {
  let { sessionId } = recording;
  const look = async (isNoted = false): Promise<SessionState> => {
    const stream = await streams.get(recording);
    if (stream?.live === true) {
      if (stream.sessionId === sessionId) return 'live';
      if (!isNoted) await wait(NOTED_WITHIN_MS);
    }
    const now = await recordings.get(recording.recordId);
    if (now === undefined || now.sessionId === sessionId) return 'ended';
    sessionId = now.sessionId;
    return 'resumed';
  };
  return {
    get sessionId() {
      return sessionId;
    },
    look,
  };
};
