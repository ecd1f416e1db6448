import * as z from 'zod';
import { streamPartSchema, timeSchema } from '../../../shared/schemas/names.ts';
import { parseJson } from '../../common/parse-json.ts';
import type { IngestAdapter } from './adapter.ts';
import { invalid, pushEvent } from './push.ts';

/** How far the sender's clock may be from ours. */
const MOST_SECONDS_OFF = 300;

const bodySchema = z.strictObject({
  type: z.enum(['started', 'stopped']),
  app: streamPartSchema,
  stream: streamPartSchema,
  /** Of the publisher's connection: the same for the beginning and the end of one push, another for each push. */
  clientId: z.string().min(1).max(256),
  /** When it happened; absent: when it was signed or received. */
  at: timeSchema.optional(),
});

const isFar = (at: string, now: Date): boolean =>
  Math.abs(Date.parse(at) - now.getTime()) > MOST_SECONDS_OFF * 1000;

/** JSON of our own, for any server that can be made to send it. */
export const webhook: IngestAdapter = {
  endsPushUnlessOk: false,
  parse({ body, at: told }, domain) {
    const document = parseJson(body);
    const schema = bodySchema.refine(({ at }) => at === undefined || !isFar(at, told), {
      path: ['at'],
      message: `must be within ${MOST_SECONDS_OFF} s of now; leave it out for now`,
    });
    const parsed = schema.safeParse(document);
    if (!parsed.success) return invalid('body', bodySchema, document, parsed.error);
    const { type, at, ...push } = parsed.data;
    return pushEvent(type, domain, push, at === undefined ? told : new Date(at));
  },
};
