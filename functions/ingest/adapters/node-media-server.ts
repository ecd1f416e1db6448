import { z } from 'zod';
import type { StreamEvent } from '../../../shared/events/stream-events.ts';
import { fieldErrors } from '../../../shared/problems/validation.ts';
import { streamPartSchema } from '../../../shared/schemas/names.ts';
import type { IngestAdapter } from './adapter.ts';

const actionSchema = z.object({ action: z.string().max(64) });

const pushSchema = z.object({
  /** Of the connection; never used again. */
  id: z.string().min(1).max(128),
  app: streamPartSchema,
  name: streamPartSchema,
  /** Milliseconds; 0 until the connection has ended. */
  endtime: z.number().nonnegative().optional(),
  /** Bytes of media sent to the connection. */
  outbytes: z.number().nonnegative().optional(),
});
type Push = z.infer<typeof pushSchema>;

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/**
 * Of `prePublish` and `postPublish`, posted at the same moment, the second is taken. A publisher of a path that is
 * live already is announced too, then refused, and its end is told as that of a player: one that was sent no media.
 */
const typeOf = (action: string, outbytes: unknown): StreamEvent['type'] | undefined => {
  switch (action) {
    case 'postPublish':
      return 'started';
    case 'donePublish':
      return 'stopped';
    case 'donePlay':
      return outbytes === 0 ? 'stopped' : undefined;
    default:
      return undefined;
  }
};

/** `donePublish` may be told a grace period after the end. Clocks differ, so only a likely time is believed. */
const MOST_SECONDS_LATE = 120;

const endOf = ({ endtime = 0 }: Push, receivedAt: Date): string => {
  const late = receivedAt.getTime() - endtime;
  const isLikely = late >= 0 && late <= MOST_SECONDS_LATE * 1000;
  return (isLikely ? new Date(endtime) : receivedAt).toISOString();
};

/** `notify.url` of node-media-server 4: JSON, posted as plain text. It ends a connection whose callback is not answered with 200. */
export const nodeMediaServer: IngestAdapter = ({ body, receivedAt }, domain) => {
  const document = parseJson(body);
  const action = actionSchema.safeParse(document);
  if (!action.success) {
    return { type: 'invalid', errors: fieldErrors('body', actionSchema, document, action.error) };
  }
  const fields = z.record(z.string(), z.unknown()).parse(document);
  const type = typeOf(action.data.action, fields.outbytes);
  // A connection that ended before it had named a stream has neither app nor name.
  if (type === undefined || (action.data.action === 'donePlay' && !fields.name)) return { type: 'ignored' };

  const push = pushSchema.safeParse(document);
  if (!push.success) {
    return { type: 'invalid', errors: fieldErrors('body', pushSchema, document, push.error) };
  }
  const { id, app, name } = push.data;
  const at = type === 'stopped' ? endOf(push.data, receivedAt) : receivedAt.toISOString();
  return { type: 'event', event: { type, key: { domain, app, stream: name }, clientId: id, at } };
};
