import { XMLParser } from 'fast-xml-parser';
import * as z from 'zod';
import { below, type LivePush, notAfter, type ServerApi } from '../snapshot.ts';

const LISTS = ['server', 'application', 'stream', 'client'];

const parser = new XMLParser({
  ignoreAttributes: true,
  // Names of streams may look like numbers, and may begin with a space.
  parseTagValue: false,
  trimValues: false,
  isArray: (name) => LISTS.includes(name),
});

/** Elements without content are empty strings, and white space between elements is text of its own. */
const element = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.preprocess((value) => (typeof value === 'string' ? {} : value), z.object(shape));

const clientSchema = element({
  id: z.string().optional(),
  address: z.string().optional(),
  /** Milliseconds since it connected. */
  time: z.coerce.number().optional(),
  publishing: z.unknown().optional(),
});
const streamSchema = element({
  name: z.string().default(''),
  /** Milliseconds since somebody came, publisher or player. */
  time: z.coerce.number().optional(),
  /** Bits per second over the last ten seconds. */
  bw_in: z.coerce.number().optional(),
  client: z.array(clientSchema).default([]),
  publishing: z.unknown().optional(),
});
const liveSchema = element({ stream: z.array(streamSchema).default([]) });
const applicationSchema = element({ name: z.string().default(''), live: liveSchema.optional() });
const serverSchema = element({ application: z.array(applicationSchema).default([]) });
const statSchema = z.object({ rtmp: element({ server: z.array(serverSchema).default([]) }) });

/** The bandwidth is known after its first interval of ten seconds. */
const MEASURED_MS = 20_000;
// nginx writes a space for every byte that is no printable ASCII, so such a name may be another one.
const MASKED = / /;

type Publishing = z.infer<typeof streamSchema>;

const pushOf = (app: string, { name, time, bw_in, client }: Publishing, askedAt: Date): LivePush => {
  const publisher = client.find(({ publishing }) => publishing !== undefined);
  const { id, address } = publisher ?? {};
  // A connection may have been open before it published, and players may have come before the publisher.
  const age = Math.min(time ?? Number.POSITIVE_INFINITY, publisher?.time ?? Number.POSITIVE_INFINITY);
  return {
    app,
    stream: name,
    ...(id === undefined || address === undefined ? {} : { clientId: `${address}/${id}` }),
    ...(Number.isFinite(age) ? { startedAt: notAfter(askedAt.getTime() - age, askedAt) } : {}),
    ...(Number.isFinite(age) && age >= MEASURED_MS && bw_in !== undefined ? { isSending: bw_in > 0 } : {}),
    ...(MASKED.test(name) ? { isVague: true } : {}),
  };
};

/**
 * The page of `rtmp_stat all`, wherever it is; `/stat` when the URL has no path. It tells of the nginx process that
 * answers, so there must be one only.
 */
export const nginxRtmp: ServerApi = {
  url: (base) => (base.pathname === '/' ? below(base, '/stat') : base),
  parse: (body, { askedAt }) => {
    // Nothing that nginx writes: entities of a document's own could make a small one large.
    if (body.includes('<!')) throw new Error('The answer holds more than elements');
    const { rtmp } = statSchema.parse(parser.parse(body));
    const pushes = rtmp.server.flatMap(({ application }) =>
      application.flatMap(({ name, live }) =>
        (live?.stream ?? [])
          .filter(({ publishing }) => publishing !== undefined)
          .map((stream) => pushOf(name, stream, askedAt)),
      ),
    );
    return { pushes, isComplete: true };
  },
};
