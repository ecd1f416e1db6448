import * as z from 'zod';
import { streamPartSchema } from '../../../shared/schemas/names.ts';
import { parseJson } from '../../common/parse-json.ts';
import type { IngestAdapter } from './adapter.ts';
import { invalid, pushEvent, unusable } from './push.ts';

/** The actions that are about a push; the others (on_play, on_stop, on_dvr, on_hls, on_connect …) are not. */
const TYPES = { on_publish: 'started', on_unpublish: 'stopped' } as const;

const actionSchema = z.object({ action: z.string().max(64) });

const pushSchema = z.object({
  app: streamPartSchema,
  stream: streamPartSchema,
  /** Of the connection: random letters and digits, and the same in SRS's own API. Before SRS 4 it was a number. */
  client_id: z.union([z.string().min(1).max(128), z.int().transform(String)], {
    error: 'must be the id of the connection',
  }),
});

/**
 * `on_publish` and `on_unpublish` of SRS's `http_hooks`: JSON. SRS lets a publisher in after an answer of 200 (or 201)
 * whose body is `0` or an object with `"code": 0`; an empty body is a refusal too. One that is refused because the
 * stream is live already was announced, and its end is not told.
 */
export const srs: IngestAdapter = {
  endsPushUnlessOk: true,
  parse({ body, at }, domain) {
    const document = parseJson(body);
    const action = actionSchema.safeParse(document);
    if (!action.success) return invalid('body', actionSchema, document, action.error);
    const name = action.data.action;
    if (name !== 'on_publish' && name !== 'on_unpublish') return { type: 'ignored' };

    const push = pushSchema.safeParse(document);
    if (!push.success) return unusable(TYPES[name], 'body', pushSchema, document, push.error);
    const { app, stream, client_id: clientId } = push.data;
    return pushEvent(TYPES[name], domain, { app, stream, clientId }, at);
  },
};
