import { setTimeout as wait } from 'node:timers/promises';
import type { PushEvent } from '../../shared/events/stream-events.ts';
import { type Domain, LOSSLESS_ADAPTERS } from '../../shared/schemas/domain.ts';
import type { Recording } from '../../shared/schemas/recording.ts';
import type { Stream } from '../../shared/schemas/stream.ts';
import type { Recordings } from '../../shared/table/recordings.ts';
import type { Streams } from '../../shared/table/streams.ts';
import type { Telemetry } from '../common/telemetry.ts';
import { within } from './within.ts';

export interface LosslessStartPorts {
  readonly streams: Pick<Streams, 'get'>;
  readonly recordings: Pick<Recordings, 'get'>;
  readonly telemetry: Telemetry;
  /** Milliseconds that a publisher is held back at most. */
  readonly patienceMs?: number;
}

const PATIENCE_MS = 1000;
/** Between two looks at the table: a tenth of what a start takes. */
const PAUSE_MS = 60;

/** What the start of a push has led to: recordings of a session, perhaps none. */
interface Begun {
  readonly sessionId: string;
  readonly recordIds: readonly string[];
}

/** What has become of a push; undefined while its start has not been taken in. Pure. */
export const begunBy = (
  { clientId, at }: Pick<PushEvent, 'clientId' | 'at'>,
  stream: Stream | undefined,
): Begun | undefined => {
  if (stream === undefined) return undefined;
  const { sessionId, rivals = {}, voidStarts = {} } = stream;
  if (stream.live && stream.clientId === clientId) return { sessionId, recordIds: stream.recordIds };
  // Another one's push goes on, or this one is over already.
  const isNoted = Object.hasOwn(rivals, clientId) && at <= (rivals[clientId] ?? '');
  const isVoid = Object.hasOwn(voidStarts, clientId) && at <= (voidStarts[clientId] ?? '');
  return isNoted || isVoid ? { sessionId, recordIds: [] } : undefined;
};

/** Whether a recording of this session may still be connected in time. Pure. */
export const isAwaited = (recording: Recording | undefined, sessionId: string): boolean => {
  // Sessions are written before their recordings, and before those of an earlier session go on with them.
  if (recording === undefined || recording.sessionId !== sessionId) return true;
  const { state, plan, connectedAt } = recording;
  return state === 'recording' && plan.announceConnected === true && connectedAt === undefined;
};

const untilConnected = async (
  { streams, recordings }: LosslessStartPorts,
  event: PushEvent,
  deadline: AbortSignal,
): Promise<void> => {
  let begun: Begun | undefined;
  let waiting: readonly string[] = [];
  while (!deadline.aborted) {
    await wait(PAUSE_MS);
    if (begun === undefined) {
      begun = begunBy(event, await streams.get(event.key));
      waiting = begun?.recordIds ?? [];
    }
    if (begun === undefined) continue;
    const { sessionId } = begun;
    const found = await Promise.all(waiting.map((recordId) => recordings.get(recordId)));
    waiting = waiting.filter((_, index) => isAwaited(found[index], sessionId));
    if (waiting.length === 0) return;
  }
};

/**
 * Holds the answer to a publish callback back until every recorder of the stream is connected, so that recordings
 * begin with the very first frame; a second at most, and whatever fails: the stream must start.
 * Reads the stream's item until its session is there, then its recordings until they are connected: one read each
 * for each look, 17 looks at most.
 */
export const createLosslessStart =
  (ports: LosslessStartPorts) =>
  async (domain: Pick<Domain, 'adapter' | 'losslessStart'>, event: PushEvent): Promise<void> => {
    if (!domain.losslessStart || !LOSSLESS_ADAPTERS.includes(domain.adapter)) return;
    const deadline = AbortSignal.timeout(ports.patienceMs ?? PATIENCE_MS);
    try {
      await within(deadline, untilConnected(ports, event, deadline));
    } catch (cause) {
      ports.telemetry.count('LosslessStartsMissed');
      ports.telemetry.log.warn('A stream starts before its recorders are connected', { ...event.key, cause });
    }
  };
