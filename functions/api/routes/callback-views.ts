import * as z from 'zod';
import { deliveryHeaders } from '../../../shared/callbacks/headers.ts';
import {
  type Attempt,
  type Callback,
  callbackSchema,
  type Delivery,
  deliverySchema,
} from '../../../shared/schemas/callback.ts';
import { timeSchema } from '../../../shared/schemas/names.ts';

export const callbackView = z
  .object({
    ...callbackSchema.pick({
      callbackId: true,
      name: true,
      url: true,
      events: true,
      domains: true,
      enabled: true,
    }).shape,
    previousSecretUntil: timeSchema
      .nullable()
      .describe('How long an earlier secret signs beside the new one; null when there is none.'),
    ...callbackSchema.pick({ createdAt: true, updatedAt: true }).shape,
  })
  .meta({ id: 'Callback', description: 'Where events are sent. Never shows a secret.' });

/** What may be shown of a callback: everything but its secrets. */
export const showCallback = (
  { previousSecrets, ...callback }: Callback,
  now: Date,
): z.input<typeof callbackView> => {
  const until = previousSecrets[0]?.until;
  const isOver = until === undefined || Date.parse(until) <= now.getTime();
  return { ...callback, previousSecretUntil: isOver ? null : until };
};

const lastAttemptView = z.object({
  at: timeSchema,
  durationMs: z.number().int(),
  status: z.number().int().nullable(),
  error: z.string().nullable().describe('Why there was no answer.'),
});

export const deliveryView = z
  .object({
    ...deliverySchema.pick({ deliveryId: true, callbackId: true }).shape,
    eventId: z.string().describe('The webhook-id header.'),
    type: z.string().describe('Of the event.'),
    recordId: z.string().nullable(),
    state: deliverySchema.shape.state,
    failure: z.string().nullable().describe('Why it was given up.'),
    createdAt: timeSchema,
    tries: z.number().int().describe('Begun so far.'),
    nextTryAt: timeSchema.nullable(),
    lastAttempt: lastAttemptView.nullable(),
  })
  .meta({ id: 'Delivery', description: 'One event on its way to one callback.' });

const showAttempt = ({ at, durationMs, status, error }: Attempt): z.input<typeof lastAttemptView> => ({
  ...{ at, durationMs },
  status: status ?? null,
  error: error ?? null,
});

export const showDelivery = (delivery: Delivery): z.input<typeof deliveryView> => {
  const { recordId = null, failure = null, dueAt = null, attempts } = delivery;
  const last = attempts.at(-1);
  const lastAttempt = last === undefined ? null : showAttempt(last);
  return { ...delivery, recordId, failure, nextTryAt: dueAt, lastAttempt };
};

const attemptView = z
  .object({
    ...lastAttemptView.shape,
    request: z.object({ url: z.string(), headers: z.record(z.string(), z.string()) }),
    contentType: z.string().nullable().describe('Of the answer.'),
    answer: z.string().nullable().describe('How the body of the answer begins; at most 1 kB of it is read.'),
  })
  .meta({ id: 'DeliveryAttempt' });

/** With everything that was sent and answered. */
export const wholeDeliveryView = z
  .object({
    ...deliveryView.shape,
    body: z.string().describe('Exactly as it is sent and signed.'),
    attempts: z.array(attemptView).describe('The newest 30, oldest first.'),
  })
  .meta({ id: 'WholeDelivery' });

export const showWholeDelivery = (delivery: Delivery): z.input<typeof wholeDeliveryView> => ({
  ...showDelivery(delivery),
  body: delivery.body,
  attempts: delivery.attempts.map((attempt) => ({
    ...showAttempt(attempt),
    request: { url: attempt.url, headers: deliveryHeaders(delivery.eventId, attempt) },
    contentType: attempt.contentType ?? null,
    answer: attempt.answer ?? null,
  })),
});
