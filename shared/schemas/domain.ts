import * as z from 'zod';
import { IVS_DOMAIN } from '../ingest/ivs.ts';
import { sourceUrlProblem } from '../streams/source-url.ts';
import { domainNameSchema, streamPartSchema, timeSchema } from './names.ts';

export const ADAPTERS = ['node-media-server', 'nginx-rtmp', 'srs', 'mediamtx', 'webhook', 'ivs'] as const;
export const adapterSchema = z.enum(ADAPTERS).describe('Which ingest server calls, in its own format.');
export type Adapter = z.infer<typeof adapterSchema>;

/** Where a recorder pulls a stream from: a URL with the placeholders `{app}` and `{stream}`. */
export const sourceTemplateSchema = z
  .string()
  .max(1024)
  .superRefine((url, context) => {
    const problem = sourceUrlProblem(url);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  })
  .describe(
    'Where recorders pull streams from: an rtmp(s), rtsp(s), srt or http(s) URL with the placeholders `{app}` and `{stream}`.',
  );

/** Where an ingest server answers what is live, such as `http://srs.internal:1985`. Shown as it is, so not secret. */
export const apiUrlSchema = z
  .url({ protocol: /^https?$/, message: 'must be an http or https URL' })
  .max(1024)
  .refine((url) => !/^[^/]*\/\/[^/?#]*@/.test(url), 'must not hold a user name or password');

const apiSchema = z.strictObject({
  url: apiUrlSchema,
  apps: z
    .array(streamPartSchema)
    .min(1)
    .max(100)
    .optional()
    .describe(
      "Applications of that server that are this domain's; absent: all, unless other domains name the same server.",
    ),
});

/** Standby content of the domain, of one app in it, or of one stream. */
const standbyChoiceSchema = z.strictObject({
  app: streamPartSchema.optional(),
  stream: streamPartSchema.optional(),
  standbyId: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be an id: 1–64 letters, digits, _ or -'),
});

/** Adapters whose servers wait for the answer to their publish callback. */
export const LOSSLESS_ADAPTERS: readonly Adapter[] = ['nginx-rtmp', 'srs'];
/** Adapters whose servers can be asked what is live. */
export const ASKABLE_ADAPTERS: readonly Adapter[] = ['nginx-rtmp', 'node-media-server', 'srs', 'mediamtx'];

const domainFields = {
  domain: domainNameSchema,
  adapter: adapterSchema,
  source: z.strictObject({ url: sourceTemplateSchema }),
  enabled: z.boolean().default(true).describe('A disabled domain accepts no new pushes.'),
  losslessStart: z
    .boolean()
    .default(false)
    .describe(
      'The answer to a publish callback waits, for a second at most, until a recorder is connected, so that the ' +
        'recording begins with the very first frame. Only for ingest servers that hold the publisher back until then.',
    ),
  api: apiSchema
    .optional()
    .describe("The ingest server's own API, which is asked what is live when callbacks may have been lost."),
  standbys: z
    .array(standbyChoiceSchema)
    .max(100)
    .optional()
    .describe(
      'Standby content of its streams, for templates that record it: without `app` of all, with `app` of those of one app, with ' +
        '`stream` of one stream. The most specific one counts.',
    ),
  secret: z
    .string()
    .regex(/^[A-Za-z0-9_-]{16,128}$/, 'must be 16–128 letters, digits, _ or -')
    .optional()
    .describe('What the ingest server proves itself with. Made for you when absent; shown once.'),
};

type Checked = {
  domain?: string | undefined;
  adapter: Adapter;
  losslessStart: boolean;
  api?: { url: string } | undefined;
  standbys?: readonly z.infer<typeof standbyChoiceSchema>[] | undefined;
};

/** What names a stream names its app, and each is named once. */
const checkStandbys = ({ standbys = [] }: Checked, context: z.RefinementCtx): void => {
  const seen = new Set<string>();
  for (const [index, { app, stream }] of standbys.entries()) {
    const issue = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: ['standbys', index, path], message });
    if (stream !== undefined && app === undefined) issue('app', 'is required when stream is given');
    const what = JSON.stringify([app, stream]);
    if (seen.has(what)) issue('standbyId', 'must be given once for the same app and stream');
    seen.add(what);
  }
};

/** What an adapter has no use for is refused, so that nobody relies on it. */
const checkAdapter = ({ domain, adapter, losslessStart, api }: Checked, context: z.RefinementCtx): void => {
  const issue = (path: string, message: string) =>
    context.addIssue({ code: 'custom', path: [path], message });
  if (losslessStart && !LOSSLESS_ADAPTERS.includes(adapter)) {
    issue('losslessStart', `must be false for ${adapter}; possible with ${LOSSLESS_ADAPTERS.join(', ')}`);
  }
  if (api !== undefined && !ASKABLE_ADAPTERS.includes(adapter)) {
    issue('api', `must be absent for ${adapter}; possible with ${ASKABLE_ADAPTERS.join(', ')}`);
  }
  if (adapter === 'ivs' && domain !== undefined && !IVS_DOMAIN.test(domain)) {
    issue('domain', 'must be <account>.<region>.ivs for Amazon IVS, such as 123456789012.eu-west-1.ivs');
  }
};

export const domainInputSchema = z
  .strictObject(domainFields)
  .superRefine(checkAdapter)
  .superRefine(checkStandbys)
  .meta({ id: 'DomainInput' });
/** The domain may be left out where the path names it. */
export const domainReplacementSchema = z
  .strictObject({ ...domainFields, domain: domainNameSchema.optional() })
  .superRefine(checkAdapter)
  .superRefine(checkStandbys);
export type DomainInput = z.infer<typeof domainInputSchema>;

export const domainSchema = z.strictObject(domainFields).omit({ secret: true }).extend({
  /** SHA-256 of the secret, hexadecimal. Never leaves the control plane. */
  secretHash: z.string(),
  createdAt: timeSchema,
});
export type Domain = z.infer<typeof domainSchema>;
