import type { PushEvent } from '../../shared/events/stream-events.ts';
import type { OwedEvents } from '../../shared/table/owed-events.ts';
import type { Telemetry } from '../common/telemetry.ts';
import { within } from './within.ts';

export interface PutDownPorts {
  readonly owedEvents: Pick<OwedEvents, 'add'>;
  queueStreamEvent(event: PushEvent): Promise<void>;
  readonly telemetry: Telemetry;
}

export type PutDown = (event: PushEvent, deadline: AbortSignal) => Promise<void>;

/**
 * Queues what an ingest server has said, and notes it in the table at the same time, from where the sweeper queues it
 * again if its message is lost. One of the two is enough. One message and one write.
 * @throws AggregateError when neither has taken it
 */
export const createPutDown =
  ({ owedEvents, queueStreamEvent, telemetry }: PutDownPorts): PutDown =>
  async (event, deadline) => {
    const [queued, noted] = await Promise.allSettled([
      within(deadline, queueStreamEvent(event)),
      within(deadline, owedEvents.add(event)),
    ]);
    if (queued.status === 'fulfilled' && noted.status === 'fulfilled') return;
    if (queued.status === 'rejected' && noted.status === 'rejected') {
      throw new AggregateError([queued.reason, noted.reason], `Not put down: ${JSON.stringify(event)}`);
    }
    const cause = queued.status === 'rejected' ? queued.reason : noted.status === 'rejected' && noted.reason;
    const where = queued.status === 'rejected' ? 'in the table only' : 'in the queue only';
    telemetry.log.error(`A callback could be put down ${where}`, { ...event, cause });
  };
