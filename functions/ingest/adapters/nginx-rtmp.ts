import * as z from 'zod';
import { streamPartSchema } from '../../../shared/schemas/names.ts';
import type { IngestAdapter } from './adapter.ts';
import { firstOfEach, invalid, pushEvent, unusable } from './push.ts';

/** The calls that are about a push; the others (play, update_publish, record_done, done …) are not. */
const TYPES = { publish: 'started', publish_done: 'stopped' } as const;

const callSchema = z.object({
  call: z.string({ error: 'must be the call, such as publish' }).max(64),
});

const pushSchema = z.object({
  app: streamPartSchema,
  name: streamPartSchema,
  /** Address of the publisher, without a port. */
  addr: z.string().min(1).max(128),
  /** Number of the connection, counted from 1 by each run of nginx. */
  clientid: z.string().regex(/^\d{1,20}$/, 'must be a number'),
});

/**
 * `on_publish` and `on_publish_done` of nginx-rtmp: a form, or with `notify_method get` the query.
 * What the publisher wrote behind its stream name follows nginx's own fields, so the first of a name is nginx's.
 * nginx lets a publisher in after an answer of 2xx; it would take 3xx for the name of another stream.
 */
export const nginxRtmp: IngestAdapter = {
  endsPushUnlessOk: true,
  parse({ method, query, body, at }, domain) {
    const isGet = method === 'GET';
    const where = isGet ? 'query' : 'body';
    const form = isGet ? query : new URLSearchParams(body);

    const given = firstOfEach(form, ['call', 'app', 'name', 'addr', 'clientid']);
    const call = callSchema.safeParse(given);
    if (!call.success) return invalid(where, callSchema, given, call.error);
    const name = call.data.call;
    if (name !== 'publish' && name !== 'publish_done') return { type: 'ignored' };

    const push = pushSchema.safeParse(given);
    if (!push.success) return unusable(TYPES[name], where, pushSchema, given, push.error);
    const { app, name: stream, addr, clientid } = push.data;
    return pushEvent(TYPES[name], domain, { app, stream, clientId: `${addr}/${clientid}` }, at);
  },
};
