import type { OwedEvent } from '../../shared/events/stream-events.ts';
import type { OwedEvents } from '../../shared/table/owed-events.ts';
import { streamPartition } from '../../shared/table/stream-key.ts';
import { forEach } from './for-each.ts';

export interface OwedEventPorts {
  readonly owedEvents: Pick<OwedEvents, 'overdue'>;
  queueStreamEvent(event: OwedEvent): Promise<void>;
  now(): Date;
}

/** Seconds that the message of an event is given: a stream that nobody records is losing its video meanwhile. */
const EVENT_SECONDS = 30;

/** Of one sweep. Those that are left over are the oldest of the next one. */
const MOST_AT_ONCE = 5000;

/** Queues the events of streams again that have not been taken in; those of one stream in their order. */
export const queueOwedEvents = async ({
  owedEvents,
  queueStreamEvent,
  now,
}: OwedEventPorts): Promise<unknown[]> => {
  const overdue = await owedEvents.overdue(new Date(now().getTime() - EVENT_SECONDS * 1000), MOST_AT_ONCE);
  const ofStreams = [...Map.groupBy(overdue, ({ key }) => streamPartition(key)).values()];
  return forEach(ofStreams, async (events) => {
    for (const event of events) await queueStreamEvent(event);
  });
};
