import { deliveryHeaders, timestampOf } from '../../shared/callbacks/headers.ts';
import {
  type DeliveryJob,
  type DeliveryQueue,
  jobOf,
  MOST_DELAY_SECONDS,
} from '../../shared/callbacks/queue.ts';
import { MOST_TRIES, type NextStep, nextStep, type Outcome } from '../../shared/callbacks/retry.ts';
import { signatureHeader } from '../../shared/callbacks/secrets.ts';
import { type Callbacks, secretsOf } from '../../shared/config/callbacks.ts';
import type { Attempt, Callback, Delivery } from '../../shared/schemas/callback.ts';
import type { Deliveries } from '../../shared/table/deliveries.ts';
import type { Telemetry } from '../common/telemetry.ts';
import type { Send } from './send.ts';

export interface DeliverPorts {
  readonly deliveries: Pick<Deliveries, 'claim' | 'settle'>;
  readonly callbacks: Pick<Callbacks, 'get'>;
  readonly queue: DeliveryQueue;
  readonly send: Send;
  readonly telemetry: Telemetry;
  now(): Date;
  /** From 0 to 1. */
  random(): number;
}

/** The callback as it can be sent to, or why it cannot any more. */
const usable = (callback: Callback | undefined, { type }: Delivery): Callback | string => {
  if (callback === undefined) return 'The callback was deleted.';
  // A target is tried before it is enabled.
  return callback.enabled || type === 'test' ? callback : 'The callback was disabled.';
};

const outcomeFields = (outcome: Outcome): Pick<Attempt, 'status' | 'contentType' | 'answer' | 'error'> => {
  if (outcome.type === 'unanswered') return { error: outcome.error };
  const { status, contentType, answer } = outcome;
  return { status, answer, ...(contentType === undefined ? {} : { contentType }) };
};

const afterStep = ({ dueAt: _, ...delivery }: Delivery, step: NextStep, now: Date): Delivery => {
  switch (step.type) {
    case 'delivered':
      return { ...delivery, state: 'delivered' };
    case 'failed':
      return { ...delivery, state: 'failed', failure: step.failure };
    case 'retry':
      return { ...delivery, dueAt: new Date(now.getTime() + step.afterSeconds * 1000).toISOString() };
  }
};

/**
 * Tries one delivery once, and notes what came of it. A try that has been begun is not begun again, whoever gets the
 * same job; one that a crash cut off counts as a try, and the sweeper has the next one made.
 */
export const createDeliver = (ports: DeliverPorts) => {
  const { deliveries, callbacks, queue, send, telemetry, now, random } = ports;

  const attempt = async (callback: Callback, { eventId: id, body }: Delivery) => {
    const begun = now();
    const at = begun.toISOString();
    const signature = signatureHeader(secretsOf(callback, begun), { id, timestamp: timestampOf(at), body });
    const { url } = callback;
    const outcome = await send({ url, headers: deliveryHeaders(id, { at, signature }), body });
    const ended = now();
    const durationMs = ended.getTime() - begun.getTime();
    const made: Attempt = { at, durationMs, url, signature, ...outcomeFields(outcome) };
    return { made, outcome, ended };
  };

  const settle = async (delivery: Delivery, step: NextStep, at: Date): Promise<void> => {
    const { deliveryId, callbackId, type, tries } = delivery;
    if (step.type === 'failed') {
      const { failure } = step;
      telemetry.count('DeliveriesFailed');
      telemetry.log.warn('A callback was not delivered', { deliveryId, callbackId, type, tries, failure });
    }
    const isSettled = await deliveries.settle(afterStep(delivery, step, at));
    // Longer waits are the sweeper's.
    if (!isSettled || step.type !== 'retry' || step.afterSeconds > MOST_DELAY_SECONDS) return;
    await queue.send([jobOf(delivery)], step.afterSeconds);
  };

  return async (job: DeliveryJob): Promise<void> => {
    const delivery = await deliveries.claim(job);
    if (delivery === undefined) return;
    const tries = delivery.tries - delivery.earlierTries;
    if (tries > MOST_TRIES) {
      // The last one was cut off by a crash; sending it for ever would crash for ever.
      return settle(delivery, { type: 'failed', failure: 'Its last try was cut off.' }, now());
    }
    const found = await callbacks.get(delivery.callbackId);
    const callback = usable(found?.callback, delivery);
    if (typeof callback === 'string') return settle(delivery, { type: 'failed', failure: callback }, now());

    const { made, outcome, ended } = await attempt(callback, delivery);
    const step = nextStep(outcome, tries, ended, random());
    telemetry.count(step.type === 'delivered' ? 'DeliveriesMade' : 'DeliveryTriesFailed');
    await settle({ ...delivery, attempts: [...delivery.attempts, made] }, step, ended);
  };
};
