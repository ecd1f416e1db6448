import { makeDelivery, payloadOfNotice, wants } from '../../shared/callbacks/make-delivery.ts';
import { type DeliveryQueue, jobOf } from '../../shared/callbacks/queue.ts';
import type { Callbacks } from '../../shared/config/callbacks.ts';
import type { Notice } from '../../shared/events/notices.ts';
import type { Deliveries } from '../../shared/table/deliveries.ts';

export interface FanOutPorts {
  readonly callbacks: Pick<Callbacks, 'list'>;
  readonly deliveries: Pick<Deliveries, 'add'>;
  readonly queue: DeliveryQueue;
  now(): Date;
}

/** The end of a recording is held back, so that what was ready just before it is told of first. */
const LAST_WORD_SECONDS = 1;

const isLastWord = ({ type }: Notice): boolean => type === 'recording.ended' || type === 'recording.failed';

/** Makes one delivery of a notice for each callback that wants it, and queues them. Safe to repeat. */
export const createFanOut =
  ({ callbacks, deliveries, queue, now }: FanOutPorts) =>
  async (notice: Notice): Promise<void> => {
    if (notice.type === 'file.opened') return;
    const payload = payloadOfNotice(notice);
    if (payload === undefined) return;
    const { items } = await callbacks.list();
    const made = items
      .filter((callback) => wants(callback, notice))
      .map(({ callbackId }) => makeDelivery(payload, callbackId, now()));
    // One that has been made before may not have been queued; a job too many is void.
    await Promise.all(made.map(deliveries.add));
    await queue.send(made.map(jobOf), isLastWord(notice) ? LAST_WORD_SECONDS : 0);
  };
