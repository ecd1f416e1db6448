import * as z from 'zod';
import type { PushEvent } from '../../../shared/events/stream-events.ts';
import { streamPartSchema } from '../../../shared/schemas/names.ts';
import { parseJson } from '../../common/parse-json.ts';
import type { IngestAdapter } from './adapter.ts';
import { invalid, pushEvent, unusable } from './push.ts';

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

/**
 * Of `prePublish` and `postPublish`, posted at the same moment, the second is taken. A publisher of a path that is
 * live already is announced too, then refused, and its end is told as that of a player: one that was sent no media.
 */
const typeOf = (action: string, outbytes: unknown): PushEvent['type'] | undefined => {
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

const endOf = ({ endtime = 0 }: Push, told: Date): Date => {
  const late = told.getTime() - endtime;
  const isLikely = late >= 0 && late <= MOST_SECONDS_LATE * 1000;
  return isLikely ? new Date(endtime) : told;
};

/** `notify.url` of node-media-server 4: JSON, posted as plain text. It ends a connection whose callback is not answered with 200. */
export const nodeMediaServer: IngestAdapter = {
  endsPushUnlessOk: true,
  parse({ body, at }, domain) {
    const document = parseJson(body);
    const action = actionSchema.safeParse(document);
    if (!action.success) return invalid('body', actionSchema, document, action.error);
    const fields = z.record(z.string(), z.unknown()).parse(document);
    const type = typeOf(action.data.action, fields.outbytes);
    // A connection that ended before it had named a stream has neither app nor name.
    if (type === undefined || (action.data.action === 'donePlay' && !fields.name)) return { type: 'ignored' };

    const push = pushSchema.safeParse(document);
    if (!push.success) return unusable(type, 'body', pushSchema, document, push.error);
    const { id, app, name } = push.data;
    const time = type === 'stopped' ? endOf(push.data, at) : at;
    return pushEvent(type, domain, { app, stream: name, clientId: id }, time);
  },
};
