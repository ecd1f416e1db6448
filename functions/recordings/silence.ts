import type { SilenceEvent, StreamEvent } from '../../shared/events/stream-events.ts';
import type { EndCode } from '../../shared/recordings/end-reason.ts';
import type { Recording } from '../../shared/schemas/recording.ts';
import type { OwedEvents } from '../../shared/table/owed-events.ts';
import type { Recordings } from '../../shared/table/recordings.ts';
import type { Streams } from '../../shared/table/streams.ts';

export interface SilencePorts {
  readonly recordings: Pick<Recordings, 'get'>;
  readonly streams: Pick<Streams, 'get'>;
  readonly owedEvents: Pick<OwedEvents, 'add'>;
  queueStreamEvent(event: StreamEvent): Promise<void>;
}

/** A recorder ends a recording like this only after it has heard nothing for all of its patience. */
const HEARD_NOTHING: readonly string[] = ['source-silent', 'source-unreachable'] satisfies EndCode[];

/**
 * Has a session ended that nobody said the end of, but that no recorder hears any more. One recorder may have lost its
 * way to the source, so the last one of a session speaks for all. A read for the stream and one for each other recording,
 * after silence only. Safe to repeat.
 * @param recording as the end of its capture has left it
 */
export const tellSilence = async (
  { recordings, streams, owedEvents, queueStreamEvent }: SilencePorts,
  recording: Recording,
  capture: { epoch: number; reason: { code: string }; at: string },
): Promise<void> => {
  const { domain, app, stream: name, recordId, sessionId } = recording;
  // With another owner, or gone on with, it is not over.
  const isOver = recording.epoch === capture.epoch && recording.state !== 'recording';
  if (!isOver || !HEARD_NOTHING.includes(capture.reason.code)) return;
  const key = { domain, app, stream: name };
  const stream = await streams.get(key);
  if (stream?.live !== true || stream.sessionId !== sessionId) return;
  const others = stream.recordIds.filter((other) => other !== recordId);
  const found = await Promise.all(others.map((other) => recordings.get(other)));
  if (found.some((other) => other?.state === 'recording')) return;
  const event: SilenceEvent = { type: 'silent', key, sessionId, at: capture.at };
  // The recording has ended, so nothing would bring this up again.
  await owedEvents.add(event);
  await queueStreamEvent(event);
};
