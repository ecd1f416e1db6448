import * as z from 'zod';
import { below, MOST_ITEMS, type ServerApi } from '../snapshot.ts';

const DEFAULT_VHOST = '';

const streamSchema = z.object({
  name: z.string(),
  app: z.string(),
  /** `/app/stream`, and the vhost in front of it unless it is the default one; absent before SRS 5. */
  url: z.string().default(''),
  kbps: z.object({ recv_30s: z.number() }).optional(),
  publish: z.object({
    active: z.boolean(),
    cid: z.union([z.string(), z.int().transform(String)]).optional(),
  }),
});
const answerSchema = z.object({ code: z.literal(0), streams: z.array(streamSchema) });

/** SRS's HTTP API, such as `http://srs.internal:1985`. */
export const srs: ServerApi = {
  url: (base) => below(base, '/api/v1/streams/', { start: '0', count: String(MOST_ITEMS) }),
  parse: (body, { domain }) => {
    const { streams } = answerSchema.parse(JSON.parse(body));
    const pushes = streams
      // Streams that are only waited for by players are listed too.
      .filter(({ publish }) => publish.active)
      .map(({ name, app, url, kbps, publish: { cid } }) => {
        const vhost = url.slice(0, Math.max(0, url.indexOf('/')));
        return {
          app,
          stream: name,
          ...(cid === undefined ? {} : { clientId: cid }),
          ...(kbps === undefined ? {} : { isSending: kbps.recv_30s > 0 }),
          // Another vhost may be another push domain.
          ...(vhost === DEFAULT_VHOST || vhost === domain ? {} : { isVague: true }),
        };
      });
    return { pushes, isComplete: streams.length < MOST_ITEMS };
  },
};
