import * as z from 'zod';
import { mediamtxName } from '../../../shared/ingest/mediamtx-name.ts';
import { streamPartSchema } from '../../../shared/schemas/names.ts';
import type { IngestAdapter } from './adapter.ts';
import { firstOfEach, invalid, pushEvent, unusable } from './push.ts';

/** Hooks about a stream that can be read, or no more. Their names changed with MediaMTX 1.19.3. */
const TYPES = {
  runOnOnline: 'started',
  runOnAvailable: 'started',
  runOnReady: 'started',
  runOnOffline: 'stopped',
  runOnUnavailable: 'stopped',
  runOnNotReady: 'stopped',
} as const;

const isOurs = (hook: string): hook is keyof typeof TYPES => Object.hasOwn(TYPES, hook);

const hookSchema = z.object({
  hook: z.string({ error: 'must be the name of the hook, such as runOnOnline' }).max(64),
});

const pushSchema = z.object({
  MTX_PATH: z
    .string()
    .min(1)
    .transform(mediamtxName)
    .pipe(z.object({ app: streamPartSchema, stream: streamPartSchema })),
  /** Such as `rtmpConn`, or `rtspSource` where MediaMTX pulls the stream. */
  MTX_SOURCE_TYPE: z.string().max(64).default(''),
  /** Of the publisher's connection; empty where MediaMTX pulls the stream. */
  MTX_SOURCE_ID: z.string().max(128).default(''),
});

/**
 * Hooks of MediaMTX: commands, so `curl` posts what MediaMTX gives them in variables, as a form of the same names.
 * MediaMTX does not look at what becomes of them.
 */
export const mediamtx: IngestAdapter = {
  endsPushUnlessOk: false,
  parse({ body, at }, domain) {
    const form = new URLSearchParams(body);
    const given = firstOfEach(form, ['hook', 'MTX_PATH', 'MTX_SOURCE_TYPE', 'MTX_SOURCE_ID']);
    const called = hookSchema.safeParse(given);
    if (!called.success) return invalid('body', hookSchema, given, called.error);
    const { hook } = called.data;
    if (!isOurs(hook)) return { type: 'ignored' };

    const push = pushSchema.safeParse(given);
    if (!push.success) return unusable(TYPES[hook], 'body', pushSchema, given, push.error);
    const { MTX_PATH: name, MTX_SOURCE_TYPE: kind, MTX_SOURCE_ID: id } = push.data;
    return pushEvent(TYPES[hook], domain, { ...name, clientId: `${kind}/${id}` }, at);
  },
};
