import * as z from 'zod';
import { mediamtxName } from '../../ingest/mediamtx-name.ts';
import { below, MOST_ITEMS, notAfter, type ServerApi } from '../snapshot.ts';

const timeSchema = z.iso.datetime({ offset: true }).nullish();

const pathSchema = z.object({
  name: z.string(),
  /** Absent before MediaMTX 1.19.3, which says `ready` only. */
  online: z.boolean().optional(),
  ready: z.boolean().default(false),
  onlineTime: timeSchema,
  readyTime: timeSchema,
  source: z.object({ type: z.string(), id: z.string() }).nullish(),
});
const answerSchema = z.object({ pageCount: z.int(), items: z.array(pathSchema) });

/** MediaMTX's Control API, such as `http://mediamtx.internal:9997`. */
export const mediamtx: ServerApi = {
  url: (base) => below(base, '/v3/paths/list', { page: '0', itemsPerPage: String(MOST_ITEMS) }),
  parse: (body, { askedAt }) => {
    const { pageCount, items } = answerSchema.parse(JSON.parse(body));
    const pushes = items
      .filter(({ online, ready }) => online ?? ready)
      .map(({ name, source, onlineTime, readyTime }) => {
        const since = onlineTime ?? readyTime ?? undefined;
        return {
          ...mediamtxName(name),
          ...(source == null ? {} : { clientId: `${source.type}/${source.id}` }),
          ...(since === undefined ? {} : { startedAt: notAfter(Date.parse(since), askedAt) }),
        };
      });
    return { pushes, isComplete: pageCount <= 1 };
  },
};
