import * as z from 'zod';
import { newSecret } from '../../../shared/auth/secrets.ts';
import type { Problem } from '../../../shared/problems/problem.ts';
import { changedMeanwhile, conflict, invalidRequest } from '../../../shared/problems/problems.ts';
import { domainInputSchema, domainReplacementSchema, domainSchema } from '../../../shared/schemas/domain.ts';
import { domainNameSchema } from '../../../shared/schemas/names.ts';
import { changed, expectFound, expectRemoved, noSuch } from '../expect.ts';
import { listOf, pageQuery, readPage } from '../lists.ts';
import { type Route, route, versioned } from '../route.ts';
import type { Services } from '../services.ts';
import { DOMAIN, DOMAIN_INPUT, DOMAIN_SECRET } from './configuration.examples.ts';

const shownSchema = z.object(domainSchema.shape).omit({ secretHash: true });
const domainView = shownSchema.meta({ id: 'Domain' });
const domainWithSecret = shownSchema.extend({ secret: z.string() }).meta({ id: 'DomainWithSecret' });
const params = z.strictObject({ domain: domainNameSchema });

const { domain: EXAMPLE_DOMAIN, ...REPLACEMENT } = DOMAIN_INPUT;
const EXAMPLE_PARAMS = { domain: EXAMPLE_DOMAIN };

/** Of each entry that names standby content which is not there. */
const withoutStandbys = (
  standbys: readonly { standbyId: string }[] = [],
  missing: readonly string[] = [],
): Problem =>
  invalidRequest(
    standbys.flatMap(({ standbyId }, index) =>
      missing.includes(standbyId)
        ? [
            {
              in: 'body' as const,
              field: `standbys.${index}.standbyId`,
              given: standbyId,
              message: `must be standby content that exists: there is no ${standbyId}`,
            },
          ]
        : [],
    ),
  );

export const domainRoutes = ({ domains }: Pick<Services, 'domains'>): Route[] => [
  route({
    method: 'POST',
    path: '/v1/domains',
    operationId: 'createDomain',
    tag: 'Domains',
    summary: 'Add a push domain. The answer is the only one that shows its secret.',
    scope: 'write',
    body: domainInputSchema,
    response: { status: 201, schema: domainWithSecret, etag: true },
    example: { body: DOMAIN_INPUT, response: { ...DOMAIN, secret: DOMAIN_SECRET } },
    async handle({ body }) {
      const secret = body.secret ?? newSecret();
      const created = await domains.create({ ...body, secret });
      switch (created.type) {
        case 'created':
          return versioned({ ...created.domain, secret }, created.version);
        case 'exists':
          throw conflict('exists', 'It exists already.', `There is a domain ${body.domain} already.`);
        case 'standbys-missing':
          throw withoutStandbys(body.standbys, created.missing);
      }
    },
  }),
  route({
    method: 'GET',
    path: '/v1/domains',
    operationId: 'listDomains',
    tag: 'Domains',
    summary: 'List the push domains, by name.',
    scope: 'read',
    query: z.strictObject(pageQuery),
    response: { status: 200, schema: listOf(domainView) },
    example: { query: { limit: '20' }, response: { items: [DOMAIN], cursor: null } },
    handle: ({ query }) => readPage(() => domains.list(query)),
  }),
  route({
    method: 'GET',
    path: '/v1/domains/{domain}',
    operationId: 'getDomain',
    tag: 'Domains',
    summary: 'Get one push domain.',
    scope: 'read',
    params,
    response: { status: 200, schema: domainView, etag: true },
    example: { params: EXAMPLE_PARAMS, response: DOMAIN },
    async handle({ params: { domain } }) {
      const found = expectFound('domain', domain, await domains.getVersioned(domain));
      return versioned(found.domain, found.version);
    },
  }),
  route({
    method: 'PUT',
    path: '/v1/domains/{domain}',
    operationId: 'replaceDomain',
    tag: 'Domains',
    summary: 'Replace a push domain. Its secret stays unless another one is given.',
    scope: 'write',
    params,
    body: domainReplacementSchema,
    ifMatch: 'required',
    response: { status: 200, schema: domainView, etag: true },
    example: { params: EXAMPLE_PARAMS, body: REPLACEMENT, response: DOMAIN },
    async handle({ params: { domain }, body, ifMatch }) {
      if (body.domain !== undefined && body.domain !== domain) {
        const message = 'must be the domain in the path, or absent: a domain cannot be renamed';
        throw invalidRequest([{ in: 'body', field: 'domain', given: body.domain, message }]);
      }
      const change = await domains.replace({ ...body, domain }, ifMatch);
      switch (change.type) {
        case 'replaced':
          return versioned(change.domain, change.version);
        case 'missing':
          throw noSuch('domain', domain);
        case 'changed':
          throw changed(domain, ifMatch);
        case 'standbys-missing':
          throw withoutStandbys(body.standbys, change.missing);
      }
    },
  }),
  route({
    method: 'POST',
    path: '/v1/domains/{domain}/secret',
    operationId: 'rotateDomainSecret',
    tag: 'Domains',
    summary:
      'Give a push domain another secret, which only this answer shows. The one before is void at once.',
    scope: 'write',
    params,
    body: z.strictObject({ secret: domainInputSchema.shape.secret }).optional(),
    response: { status: 200, schema: domainWithSecret, etag: true },
    example: { params: EXAMPLE_PARAMS, body: {}, response: { ...DOMAIN, secret: DOMAIN_SECRET } },
    async handle({ params: { domain }, body }) {
      const secret = body?.secret ?? newSecret();
      const change = await domains.rotateSecret(domain, secret);
      switch (change.type) {
        case 'replaced':
          return versioned({ ...change.domain, secret }, change.version);
        case 'missing':
          throw noSuch('domain', domain);
        case 'changed':
        case 'standbys-missing':
          throw changedMeanwhile(domain);
      }
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/domains/{domain}',
    operationId: 'deleteDomain',
    tag: 'Domains',
    summary: 'Delete a push domain that no rule is bound to.',
    scope: 'write',
    params,
    ifMatch: 'optional',
    response: { status: 204 },
    example: { params: EXAMPLE_PARAMS },
    async handle({ params: { domain }, ifMatch }) {
      expectRemoved('domain', domain, await domains.remove(domain, ifMatch), ifMatch);
    },
  }),
];
