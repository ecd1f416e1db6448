import * as z from 'zod';
import { domainNameSchema, streamPartSchema, timeSchema } from './names.ts';
import { refersTo } from './template.ts';

/** What is bound in a domain, and what it is bound to. */
const bindingFields = {
  app: streamPartSchema.optional(),
  stream: streamPartSchema.optional(),
  templateId: refersTo,
};

const needsApp = {
  holds: ({ app, stream }: { app?: string | undefined; stream?: string | undefined }): boolean =>
    stream === undefined || app !== undefined,
  problem: { path: ['app'], message: 'is required when stream is given' },
};

export const ruleInputSchema = z
  .strictObject({ domain: domainNameSchema, ...bindingFields })
  .refine(needsApp.holds, needsApp.problem)
  .meta({ id: 'RuleInput' });
export type RuleInput = z.infer<typeof ruleInputSchema>;

/** The same binding for several domains at once. */
export const rulesInputSchema = z
  .strictObject({
    domains: z
      .array(domainNameSchema)
      .min(1)
      .max(100)
      .refine((domains) => new Set(domains).size === domains.length, 'must not name a domain twice'),
    ...bindingFields,
  })
  .refine(needsApp.holds, needsApp.problem)
  .meta({ id: 'RulesInput' });
export type RulesInput = z.infer<typeof rulesInputSchema>;

/** Everything of a rule that can be changed: what it matches is what it is. */
export const rebindingSchema = z.strictObject({ templateId: refersTo });

export const ruleSchema = ruleInputSchema.safeExtend({ ruleId: z.string(), createdAt: timeSchema });
export type Rule = z.infer<typeof ruleSchema>;
