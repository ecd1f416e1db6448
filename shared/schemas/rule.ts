import * as z from 'zod';
import { domainNameSchema, streamPartSchema, timeSchema } from './names.ts';
import { refersTo } from './template.ts';

export const ruleInputSchema = z
  .strictObject({
    domain: domainNameSchema,
    app: streamPartSchema.optional(),
    stream: streamPartSchema.optional(),
    templateId: refersTo,
  })
  .refine((rule) => rule.stream === undefined || rule.app !== undefined, {
    path: ['app'],
    message: 'is required when stream is given',
  })
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
    app: streamPartSchema.optional(),
    stream: streamPartSchema.optional(),
    templateId: refersTo,
  })
  .refine((rules) => rules.stream === undefined || rules.app !== undefined, {
    path: ['app'],
    message: 'is required when stream is given',
  })
  .meta({ id: 'RulesInput' });
export type RulesInput = z.infer<typeof rulesInputSchema>;

/** Everything of a rule that can be changed: what it matches is what it is. */
export const rebindingSchema = z.strictObject({ templateId: refersTo });

export const ruleSchema = ruleInputSchema.safeExtend({ ruleId: z.string(), createdAt: timeSchema });
export type Rule = z.infer<typeof ruleSchema>;
