import { z } from 'zod';
import { domainNameSchema, streamPartSchema, timeSchema } from '../../../shared/schemas/names.ts';
import { type Stream, streamSchema } from '../../../shared/schemas/stream.ts';
import type { Page } from '../../../shared/table/pages.ts';
import { listOf, pageQuery, readPage } from '../lists.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';

const streamView = streamSchema
  .pick({
    domain: true,
    app: true,
    stream: true,
    sessionId: true,
    live: true,
    startedAt: true,
    recordIds: true,
  })
  .extend({
    endedAt: timeSchema.nullable(),
    /** Why this session is not recorded. */
    notRecorded: z.string().nullable(),
  });

const viewOf = (stream: Stream): z.input<typeof streamView> => ({
  ...stream,
  endedAt: stream.endedAt ?? null,
  notRecorded: stream.notRecorded ?? null,
});

interface Filter {
  readonly domain?: string | undefined;
  readonly app?: string | undefined;
  readonly stream?: string | undefined;
}

const passes = ({ domain, app, stream }: Filter, candidate: Stream): boolean =>
  (domain ?? candidate.domain) === candidate.domain &&
  (app ?? candidate.app) === candidate.app &&
  (stream ?? candidate.stream) === candidate.stream;

const query = z.strictObject({
  ...pageQuery,
  /** `false`: those that have ended. */
  live: z
    .enum(['true', 'false'])
    .default('true')
    .transform((live) => live === 'true'),
  domain: domainNameSchema.optional(),
  app: streamPartSchema.optional(),
  stream: streamPartSchema.optional(),
});

export const streamRoutes = ({ streams }: Pick<Services, 'streams'>): Route[] => {
  /** Reads on until a page is full of streams that pass the filter. */
  const find = async (
    filter: Filter,
    live: boolean,
    limit: number,
    cursor?: string,
  ): Promise<Page<Stream>> => {
    const items: Stream[] = [];
    let next: string | null | undefined = cursor;
    do {
      const page: Page<Stream> = await streams.list(live, limit - items.length, next ?? undefined);
      items.push(...page.items.filter((stream) => passes(filter, stream)));
      next = page.cursor;
    } while (next !== null && items.length < limit);
    return { items, cursor: next };
  };

  return [
    route({
      method: 'GET',
      path: '/v1/streams',
      summary: 'List what is live, newest first, and why it is not recorded when it is not.',
      scope: 'read',
      query,
      response: { status: 200, schema: listOf(streamView) },
      async handle({ query: { limit, cursor, live, ...filter } }) {
        const { domain, app, stream } = filter;
        if (domain !== undefined && app !== undefined && stream !== undefined) {
          const found = await streams.get({ domain, app, stream });
          return { items: found === undefined || found.live !== live ? [] : [viewOf(found)], cursor: null };
        }
        const page = await readPage(() => find(filter, live, limit, cursor));
        return { items: page.items.map(viewOf), cursor: page.cursor };
      },
    }),
  ];
};
