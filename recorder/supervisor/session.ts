import { setTimeout as wait } from 'node:timers/promises';
import { isBriefGap } from '../../shared/recordings/machine.ts';
import type { Recording } from '../../shared/schemas/recording.ts';
import type { Stream } from '../../shared/schemas/stream.ts';
import type { OwedEvents } from '../../shared/table/owed-events.ts';
import type { Recordings } from '../../shared/table/recordings.ts';
import type { Streams } from '../../shared/table/streams.ts';
import type { SessionState } from '../capture/supervise.ts';

/** A session is written before the recordings that go on with it. */
const NOTED_WITHIN_MS = 300;

/** How long the functions are given to take in that a publisher is back, and from one look to the next. */
const TAKEN_IN_WITHIN_MS = 5000;
const LOOK_MS = 200;

export interface SessionPorts {
  readonly streams: Pick<Streams, 'get'>;
  readonly recordings: Pick<Recordings, 'get'>;
  readonly owedEvents: Pick<OwedEvents, 'ofStream'>;
}

export interface SessionLook {
  /** The last one that it has heard of. */
  readonly sessionId: string;
  /** @param isNoted whether what has become of it stands in the recording already */
  look(isNoted?: boolean): Promise<SessionState>;
}

/**
 * Looks up the session of a recording. One read while it is live, three when it seems to be over: a publisher that was
 * gone for a moment has a new session, which the same recording may go on with. Its ingest server has said so already
 * when this is looked up; that the functions take in what it said is waited for, however slow they are.
 */
export const createSessionLook = (
  { streams, recordings, owedEvents }: SessionPorts,
  recording: Recording,
): SessionLook => {
  let { sessionId } = recording;

  /** Whether the publisher is back so soon that the recording goes on, once that is taken in. */
  const isBack = async (stream: Stream): Promise<boolean> => {
    if (stream.live) return isBriefGap(stream);
    const { endedAt: lastEndedAt } = stream;
    if (lastEndedAt === undefined) return false;
    const starts = (await owedEvents.ofStream(recording)).filter(({ type }) => type === 'started');
    return starts.some(({ at }) => at >= lastEndedAt && isBriefGap({ startedAt: at, lastEndedAt }));
  };

  const look = async (isNoted = false): Promise<SessionState> => {
    const giveUpAt = performance.now() + TAKEN_IN_WITHIN_MS;
    for (;;) {
      const stream = await streams.get(recording);
      if (stream?.live === true) {
        if (stream.sessionId === sessionId) return 'live';
        if (!isNoted) await wait(NOTED_WITHIN_MS);
      }
      const now = await recordings.get(recording.recordId);
      if (now !== undefined && now.sessionId !== sessionId) {
        sessionId = now.sessionId;
        return 'resumed';
      }
      const mayGoOn = !isNoted && now?.state === 'recording' && now.stopping === undefined;
      if (!mayGoOn || performance.now() >= giveUpAt) return 'ended';
      if (stream === undefined || !(await isBack(stream))) return 'ended';
      await wait(LOOK_MS);
    }
  };
  return {
    get sessionId() {
      return sessionId;
    },
    look,
  };
};
