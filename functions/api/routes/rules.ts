import * as z from 'zod';
import type { Binding } from '../../../shared/config/bind-domains.ts';
import type { RuleMissing } from '../../../shared/config/rules.ts';
import { type FieldError, Problem } from '../../../shared/problems/problem.ts';
import { conflict, invalidRequest } from '../../../shared/problems/problems.ts';
import { domainNameSchema, streamKeySchema, streamPartSchema } from '../../../shared/schemas/names.ts';
import {
  type RulesInput,
  rebindingSchema,
  ruleInputSchema,
  ruleSchema,
  rulesInputSchema,
} from '../../../shared/schemas/rule.ts';
import { changed, expectFound, expectRemoved, noSuch } from '../expect.ts';
import { listOf, pageQuery, readPage } from '../lists.ts';
import { type Route, route, versioned } from '../route.ts';
import type { Services } from '../services.ts';
import { RULE, RULE_ID, RULE_INPUT, TEMPLATE, TEMPLATE_ID } from './configuration.examples.ts';
import { idSchema } from './ids.ts';
import { templateView } from './templates.ts';

const ruleView = z.object(ruleSchema.shape).meta({ id: 'Rule' });
const params = z.strictObject({ ruleId: idSchema });

const listQuery = z
  .strictObject({
    ...pageQuery,
    domain: domainNameSchema.optional(),
    app: streamPartSchema.optional(),
    stream: streamPartSchema.optional(),
    templateId: idSchema.optional(),
  })
  .refine(({ app, domain }) => app === undefined || domain !== undefined, {
    path: ['domain'],
    message: 'is required when app is given',
  })
  .refine(({ stream, app }) => stream === undefined || app !== undefined, {
    path: ['app'],
    message: 'is required when stream is given',
  });

const NO_DOMAIN = 'must be a domain in /v1/domains';
const NO_TEMPLATE = 'must be the templateId of a template in /v1/templates';

const referencesMissing = (
  { fields }: RuleMissing,
  given: { readonly domain?: string; readonly templateId: string },
): Problem =>
  invalidRequest(
    fields.map((field): FieldError => {
      const value = given[field];
      const message = field === 'domain' ? NO_DOMAIN : NO_TEMPLATE;
      return { in: 'body', field, ...(value === undefined ? {} : { given: value }), message };
    }),
  );

/** Names every domain that was refused; 409 when all that stands in the way are rules that there are already. */
const bindingRefused = (
  { isTemplateMissing, domains }: Extract<Binding, { type: 'refused' }>,
  input: RulesInput,
): Problem => {
  const errors = domains.map(
    ({ domain, boundBy }): FieldError => ({
      in: 'body',
      field: `domains.${input.domains.indexOf(domain)}`,
      given: domain,
      message:
        boundBy === undefined ? NO_DOMAIN : `must be without a rule for exactly this; it has ${boundBy}`,
    }),
  );
  if (isTemplateMissing) {
    errors.push({ in: 'body', field: 'templateId', given: input.templateId, message: NO_TEMPLATE });
  }
  if (isTemplateMissing || domains.some(({ boundBy }) => boundBy === undefined))
    return invalidRequest(errors);
  const ruleIds = domains.map(({ boundBy }) => boundBy);
  return new Problem(409, 'exists', 'It exists already.', {
    detail: 'Some of the domains have rules for exactly this already; nothing was bound.',
    errors,
    extra: { ruleIds },
  });
};

export const ruleRoutes = ({
  rules,
  bindDomains,
  explain,
}: Pick<Services, 'rules' | 'bindDomains' | 'explain'>): Route[] => [
  route({
    method: 'POST',
    path: '/v1/rules',
    operationId: 'createRule',
    tag: 'Rules',
    summary: 'Bind a template to a domain, to one of its apps, or to one stream.',
    scope: 'write',
    body: ruleInputSchema,
    response: { status: 201, schema: ruleView, etag: true },
    example: { body: RULE_INPUT, response: RULE },
    async handle({ body }) {
      const creation = await rules.create(body);
      switch (creation.type) {
        case 'created':
          return versioned(creation.rule, creation.version);
        case 'exists': {
          const { ruleId } = creation;
          const detail = `${ruleId} binds a template to exactly this already.`;
          throw conflict('exists', 'It exists already.', detail, { ruleId });
        }
        case 'references-missing':
          throw referencesMissing(creation, body);
      }
    },
  }),
  route({
    method: 'POST',
    path: '/v1/rules/batch',
    operationId: 'createRules',
    tag: 'Rules',
    summary: 'Bind a template to several domains, to the same app or stream of each: to all or to none.',
    scope: 'write',
    body: rulesInputSchema,
    response: { status: 201, schema: z.object({ items: z.array(ruleView) }) },
    example: {
      body: { domains: [RULE_INPUT.domain], app: RULE_INPUT.app, templateId: TEMPLATE_ID },
      response: { items: [RULE] },
    },
    async handle({ body }) {
      const binding = await bindDomains(body);
      if (binding.type === 'refused') throw bindingRefused(binding, body);
      return { items: binding.rules };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/rules',
    operationId: 'listRules',
    tag: 'Rules',
    summary: 'List the rules, by domain, app and stream: all, of a domain, of an app, or of a template.',
    scope: 'read',
    query: listQuery,
    response: { status: 200, schema: listOf(ruleView) },
    example: { query: { domain: RULE.domain, app: RULE.app }, response: { items: [RULE], cursor: null } },
    handle({ query: { domain, app, stream, templateId, ...page } }) {
      const target = domain === undefined ? undefined : { domain, app, stream };
      return readPage(() => rules.list({ target, templateId }, page));
    },
  }),
  // Before the route of one rule, which would take `match` for an id.
  route({
    method: 'GET',
    path: '/v1/rules/match',
    operationId: 'matchRule',
    tag: 'Rules',
    summary:
      'Tell which rule and template would count for a stream that started now, or why it would not be recorded.',
    scope: 'read',
    query: z.strictObject(streamKeySchema.shape),
    response: {
      status: 200,
      schema: z.object({
        rule: ruleView.nullable(),
        template: templateView.nullable(),
        recorded: z.boolean(),
        /** Why it would not be recorded. */
        reason: z.string().nullable(),
      }),
    },
    example: {
      query: { domain: RULE.domain, app: RULE.app, stream: 'show' },
      response: { rule: RULE, template: TEMPLATE, recorded: true, reason: null },
    },
    handle: ({ query }) => explain(query),
  }),
  route({
    method: 'GET',
    path: '/v1/rules/{ruleId}',
    operationId: 'getRule',
    tag: 'Rules',
    summary: 'Get one rule.',
    scope: 'read',
    params,
    response: { status: 200, schema: ruleView, etag: true },
    example: { params: { ruleId: RULE_ID }, response: RULE },
    async handle({ params: { ruleId } }) {
      const found = expectFound('rule', ruleId, await rules.getVersioned(ruleId));
      return versioned(found.rule, found.version);
    },
  }),
  route({
    method: 'PUT',
    path: '/v1/rules/{ruleId}',
    operationId: 'rebindRule',
    tag: 'Rules',
    summary: 'Bind another template to what a rule matches. It counts from the next session on.',
    scope: 'write',
    params,
    body: rebindingSchema,
    ifMatch: 'required',
    response: { status: 200, schema: ruleView, etag: true },
    example: { params: { ruleId: RULE_ID }, body: { templateId: TEMPLATE_ID }, response: RULE },
    async handle({ params: { ruleId }, body, ifMatch }) {
      const change = await rules.rebind(ruleId, body.templateId, ifMatch);
      switch (change.type) {
        case 'replaced':
          return versioned(change.rule, change.version);
        case 'missing':
          throw noSuch('rule', ruleId);
        case 'changed':
          throw changed(ruleId, ifMatch);
        case 'references-missing':
          throw referencesMissing(change, body);
      }
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/rules/{ruleId}',
    operationId: 'deleteRule',
    tag: 'Rules',
    summary: 'Unbind a template. Recordings that run go on.',
    scope: 'write',
    params,
    ifMatch: 'optional',
    response: { status: 204 },
    example: { params: { ruleId: RULE_ID } },
    async handle({ params: { ruleId }, ifMatch }) {
      expectRemoved('rule', ruleId, await rules.remove(ruleId, ifMatch), ifMatch);
    },
  }),
];
