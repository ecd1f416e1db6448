import { z } from 'zod';
import { newSecret } from '../../../shared/auth/secrets.ts';
import { changedMeanwhile, conflict, invalidRequest, notFound } from '../../../shared/problems/problems.ts';
import { domainInputSchema, domainSchema } from '../../../shared/schemas/domain.ts';
import { domainNameSchema } from '../../../shared/schemas/names.ts';
import { listOf, pageQuery, readPage } from '../lists.ts';
import { expectRemoved } from '../removal.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';

const domainView = z.object(domainSchema.shape).omit({ secretHash: true });
const params = z.strictObject({ domain: domainNameSchema });
const missing = (domain: string) => notFound(`There is no domain ${domain}.`);

export const domainRoutes = ({ domains }: Pick<Services, 'domains'>): Route[] => [
  route({
    method: 'POST',
    path: '/v1/domains',
    summary: 'Add a push domain. The answer is the only one that shows its secret.',
    scope: 'write',
    body: domainInputSchema,
    response: { status: 201, schema: domainView.extend({ secret: z.string() }) },
    async handle({ body }) {
      const secret = body.secret ?? newSecret();
      const domain = await domains.create({ ...body, secret });
      if (domain === undefined) {
        throw conflict('exists', 'It exists already.', `There is a domain ${body.domain} already.`);
      }
      return { ...domain, secret };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/domains',
    summary: 'List the push domains, by name.',
    scope: 'read',
    query: z.strictObject(pageQuery),
    response: { status: 200, schema: listOf(domainView) },
    handle: ({ query }) => readPage(() => domains.list(query)),
  }),
  route({
    method: 'GET',
    path: '/v1/domains/{domain}',
    summary: 'Get one push domain.',
    scope: 'read',
    params,
    response: { status: 200, schema: domainView },
    async handle({ params: { domain } }) {
      const found = await domains.get(domain);
      if (found === undefined) throw missing(domain);
      return found;
    },
  }),
  route({
    method: 'PUT',
    path: '/v1/domains/{domain}',
    summary: 'Replace a push domain. Its secret stays unless another one is given.',
    scope: 'write',
    params,
    body: domainInputSchema.partial({ domain: true }),
    response: { status: 200, schema: domainView },
    async handle({ params: { domain }, body }) {
      if (body.domain !== undefined && body.domain !== domain) {
        const message = 'must be the domain in the path, or absent: a domain cannot be renamed';
        throw invalidRequest([{ in: 'body', field: 'domain', given: body.domain, message }]);
      }
      const change = await domains.replace({ ...body, domain });
      switch (change.type) {
        case 'replaced':
          return change.domain;
        case 'missing':
          throw missing(domain);
        case 'changed':
          throw changedMeanwhile(domain);
      }
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/domains/{domain}',
    summary: 'Delete a push domain that no rule is bound to.',
    scope: 'write',
    params,
    response: { status: 204 },
    async handle({ params: { domain } }) {
      expectRemoved('domain', domain, await domains.remove(domain));
    },
  }),
];
