import { createHash } from 'node:crypto';
import type { Notice } from '../events/notices.ts';
import type { Callback, CallbackEvent, Delivery } from '../schemas/callback.ts';
import { type CallbackPayload, payloadOf } from './payload.ts';

/** The same for the same parts, wherever and whenever it is made. */
const idFrom = (prefix: string, ...parts: string[]): string =>
  `${prefix}_${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)}`;

/** Whether a callback is to be told of this event of a recording. */
export const wants = (
  { enabled, events, domains }: Pick<Callback, 'enabled' | 'events' | 'domains'>,
  { type, stream }: { readonly type: CallbackEvent; readonly stream: { readonly domain: string } },
): boolean => enabled && (events?.includes(type) ?? true) && (domains?.includes(stream.domain) ?? true);

/** The payload of a notice; its id follows from the notice, so that a repeated notice is the same event. */
export const payloadOfNotice = (notice: Notice): CallbackPayload | undefined =>
  payloadOf(notice, idFrom('evt', notice.recordId, notice.noticeId));

/** A delivery that is due now; its id follows from event and callback, so that making it again is harmless. */
export const makeDelivery = (payload: CallbackPayload, callbackId: string, now: Date): Delivery => {
  const at = now.toISOString();
  return {
    deliveryId: idFrom('dlv', payload.id, callbackId),
    callbackId,
    eventId: payload.id,
    type: payload.type,
    ...('recording' in payload.data ? { recordId: payload.data.recording.recordId } : {}),
    body: JSON.stringify(payload),
    state: 'pending',
    createdAt: at,
    queuedAt: at,
    dueAt: at,
    tries: 0,
    earlierTries: 0,
    attempts: [],
  };
};
