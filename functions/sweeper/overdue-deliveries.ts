import type { DeliveryQueue } from '../../shared/callbacks/queue.ts';
import type { Deliveries } from '../../shared/table/deliveries.ts';

export interface OverdueDeliveryPorts {
  readonly deliveries: Pick<Deliveries, 'overdue'>;
  readonly deliveryQueue: DeliveryQueue;
  now(): Date;
}

/** What a queue holds back until it is due gets this long to be tried. */
const GRACE_SECONDS = 30;

/** Of one sweep. Those that are left over are the oldest of the next one. */
const MOST_AT_ONCE = 5000;

/** Queues deliveries that should have been tried: those with waits that no queue can hold, and those that were lost. */
export const queueOverdueDeliveries = async ({
  deliveries,
  deliveryQueue,
  now,
}: OverdueDeliveryPorts): Promise<unknown[]> => {
  const since = new Date(now().getTime() - GRACE_SECONDS * 1000);
  await deliveryQueue.send(await deliveries.overdue(since, MOST_AT_ONCE));
  return [];
};
