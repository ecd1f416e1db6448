import { z } from 'zod';
import { fieldErrors } from '../../../shared/problems/validation.ts';
import { streamPartSchema } from '../../../shared/schemas/names.ts';
import type { IngestAdapter } from './adapter.ts';

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
 */
export const nginxRtmp: IngestAdapter = ({ method, query, body, receivedAt }, domain) => {
  const isGet = method === 'GET';
  const where = isGet ? 'query' : 'body';
  const form = isGet ? query : new URLSearchParams(body);
  const first = (name: string): string | undefined => form.get(name) ?? undefined;

  const call = callSchema.safeParse({ call: first('call') });
  if (!call.success) return { type: 'invalid', errors: fieldErrors(where, callSchema, {}, call.error) };
  const name = call.data.call;
  if (name !== 'publish' && name !== 'publish_done') return { type: 'ignored' };

  const given = { app: first('app'), name: first('name'), addr: first('addr'), clientid: first('clientid') };
  const push = pushSchema.safeParse(given);
  if (!push.success) return { type: 'invalid', errors: fieldErrors(where, pushSchema, given, push.error) };
  return {
    type: 'event',
    event: {
      type: TYPES[name],
      key: { domain, app: push.data.app, stream: push.data.name },
      clientId: `${push.data.addr}/${push.data.clientid}`,
      at: receivedAt.toISOString(),
    },
  };
};
