import { z } from 'zod';
import { domainNameSchema, streamPartSchema, timeSchema } from './names.ts';

export const ruleInputSchema = z
  .strictObject({
    domain: domainNameSchema,
    app: streamPartSchema.optional(),
    stream: streamPartSchema.optional(),
    templateId: z.string().min(1).max(64),
  })
  .refine((rule) => rule.stream === undefined || rule.app !== undefined, {
    path: ['app'],
    message: 'is required when stream is given',
  });
export type RuleInput = z.infer<typeof ruleInputSchema>;

export const ruleSchema = ruleInputSchema.safeExtend({ ruleId: z.string(), createdAt: timeSchema });
export type Rule = z.infer<typeof ruleSchema>;
