import { z } from 'zod';
import { sourceUrlProblem } from '../streams/source-url.ts';
import { domainNameSchema, timeSchema } from './names.ts';

export const ADAPTERS = ['node-media-server', 'nginx-rtmp'] as const;
export const adapterSchema = z.enum(ADAPTERS);
export type Adapter = z.infer<typeof adapterSchema>;

/** Where a recorder pulls a stream from: a URL with the placeholders `{app}` and `{stream}`. */
export const sourceTemplateSchema = z
  .string()
  .max(1024)
  .superRefine((url, context) => {
    const problem = sourceUrlProblem(url);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  });

export const domainInputSchema = z.strictObject({
  domain: domainNameSchema,
  adapter: adapterSchema,
  source: z.strictObject({ url: sourceTemplateSchema }),
  enabled: z.boolean().default(true),
  /** What the ingest server proves itself with. Made for you when absent; never shown again. */
  secret: z
    .string()
    .regex(/^[A-Za-z0-9_-]{16,128}$/, 'must be 16–128 letters, digits, _ or -')
    .optional(),
});
export type DomainInput = z.infer<typeof domainInputSchema>;

export const domainSchema = domainInputSchema.omit({ secret: true }).extend({
  /** SHA-256 of the secret, hexadecimal. Never leaves the control plane. */
  secretHash: z.string(),
  createdAt: timeSchema,
});
export type Domain = z.infer<typeof domainSchema>;
