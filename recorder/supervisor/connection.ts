import type { Recording } from '../../shared/schemas/recording.ts';
import type { Recordings } from '../../shared/table/recordings.ts';
import type { SessionState } from '../capture/supervise.ts';
import type { Log } from '../log.ts';
import { createSessionLook, type SessionPorts } from './session.ts';

export interface ConnectionPorts extends SessionPorts {
  readonly recordings: SessionPorts['recordings'] & Pick<Recordings, 'setConnected'>;
  readonly log: Log;
  now(): Date;
}

/** Whether somebody waits for this recorder to be connected to the source, and the session that it is connected for. */
export interface Connection {
  /** Told each time; noted when somebody waits for it. */
  connected(): void;
  /** @param isNoted whether what has become of it stands in the recording already */
  session(isNoted?: boolean): Promise<SessionState>;
  /** Of the session that was looked up last. */
  sessionId(): string;
}

export const createConnection = (ports: ConnectionPorts, recording: Recording): Connection => {
  const { recordings, log, now } = ports;
  const { recordId, epoch } = recording;
  const current = createSessionLook(ports, recording);
  let isAwaited = recording.connectedAt === undefined;
  return {
    connected: () => {
      if (!isAwaited) return;
      isAwaited = false;
      recordings.setConnected(recordId, epoch, now().toISOString()).catch((cause: unknown) => {
        // Whoever waits for it goes on in a second without it.
        log.warn('The connection to a source could not be noted', { recordId, cause });
      });
    },
    session: async (isNoted) => {
      const state = await current.look(isNoted);
      // Whoever pushes again may be waiting for its recorder again.
      if (state === 'resumed') isAwaited = true;
      return state;
    },
    sessionId: () => current.sessionId,
  };
};
