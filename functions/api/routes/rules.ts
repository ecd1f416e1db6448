import { z } from 'zod';
import { conflict, invalidRequest, notFound } from '../../../shared/problems/problems.ts';
import { domainNameSchema } from '../../../shared/schemas/names.ts';
import { ruleInputSchema, ruleSchema } from '../../../shared/schemas/rule.ts';
import { listOf, pageQuery, readPage } from '../lists.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import { idSchema } from './ids.ts';

const ruleView = z.object(ruleSchema.shape);
const params = z.strictObject({ ruleId: idSchema });
const missing = (ruleId: string) => notFound(`There is no rule ${ruleId}.`);

export const ruleRoutes = ({ rules }: Pick<Services, 'rules'>): Route[] => [
  route({
    method: 'POST',
    path: '/v1/rules',
    summary: 'Bind a template to a domain, to one of its apps, or to one stream.',
    scope: 'write',
    body: ruleInputSchema,
    response: { status: 201, schema: ruleView },
    async handle({ body }) {
      const creation = await rules.create(body);
      switch (creation.type) {
        case 'created':
          return creation.rule;
        case 'exists':
          throw conflict(
            'exists',
            'It exists already.',
            `${creation.ruleId} binds a template to exactly this already.`,
            {
              ruleId: creation.ruleId,
            },
          );
        case 'domain-missing': {
          const message = 'must be a domain in /v1/domains';
          throw invalidRequest([{ in: 'body', field: 'domain', given: body.domain, message }]);
        }
        case 'template-missing': {
          const message = 'must be the templateId of a template in /v1/templates';
          throw invalidRequest([{ in: 'body', field: 'templateId', given: body.templateId, message }]);
        }
      }
    },
  }),
  route({
    method: 'GET',
    path: '/v1/rules',
    summary: 'List the rules, by domain.',
    scope: 'read',
    query: z.strictObject({
      ...pageQuery,
      domain: domainNameSchema.optional(),
      templateId: idSchema.optional(),
    }),
    response: { status: 200, schema: listOf(ruleView) },
    handle: ({ query }) => readPage(() => rules.list(query, query)),
  }),
  route({
    method: 'GET',
    path: '/v1/rules/{ruleId}',
    summary: 'Get one rule.',
    scope: 'read',
    params,
    response: { status: 200, schema: ruleView },
    async handle({ params: { ruleId } }) {
      const rule = await rules.get(ruleId);
      if (rule === undefined) throw missing(ruleId);
      return rule;
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/rules/{ruleId}',
    summary: 'Unbind a template. Recordings that run go on.',
    scope: 'write',
    params,
    response: { status: 204 },
    async handle({ params: { ruleId } }) {
      if (!(await rules.remove(ruleId))) throw missing(ruleId);
    },
  }),
];
