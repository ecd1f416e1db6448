import * as z from 'zod';
import { scopeSchema, tokenSchema } from '../../../shared/auth/tokens.ts';
import { conflict, notFound } from '../../../shared/problems/problems.ts';
import { listOf, pageQuery, readPage } from '../lists.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import { TOKEN } from './configuration.examples.ts';
import { idSchema } from './ids.ts';

const shownSchema = tokenSchema.omit({ tokenHash: true });
const tokenView = shownSchema.meta({ id: 'Token' });
const tokenWithSecret = shownSchema.extend({ token: z.string() }).meta({ id: 'TokenWithSecret' });

const tokenInput = z
  .strictObject({
    /** For people: what the token is for. */
    name: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1–64 letters, digits, _ or -'),
    scopes: z
      .array(scopeSchema)
      .min(1)
      .refine((scopes) => new Set(scopes).size === scopes.length, 'must not name a scope twice'),
  })
  .meta({ id: 'TokenInput' });

export const tokenRoutes = ({ tokens }: Pick<Services, 'tokens'>): Route[] => [
  route({
    method: 'POST',
    path: '/v1/tokens',
    operationId: 'createToken',
    tag: 'Tokens',
    summary: 'Make a token. The answer is the only one that shows it.',
    scope: 'write',
    body: tokenInput,
    response: { status: 201, schema: tokenWithSecret },
    example: {
      body: { name: TOKEN.name, scopes: TOKEN.scopes },
      response: { ...TOKEN, token: 'sk_mB0qT3nWc5xYv8zKd1fGh4jLp7rSu2aEo6iQwXyZt9U' },
    },
    async handle({ body: { name, scopes } }) {
      const { token, secret } = await tokens.create(name, scopes);
      return { ...token, token: secret };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/tokens',
    operationId: 'listTokens',
    tag: 'Tokens',
    summary: 'List the tokens, oldest first. The tokens themselves are not stored and cannot be shown.',
    scope: 'read',
    query: z.strictObject(pageQuery),
    response: { status: 200, schema: listOf(tokenView) },
    example: { query: { limit: '20' }, response: { items: [TOKEN], cursor: null } },
    handle: ({ query }) => readPage(() => tokens.list(query)),
  }),
  route({
    method: 'DELETE',
    path: '/v1/tokens/{tokenId}',
    operationId: 'revokeToken',
    tag: 'Tokens',
    summary: 'Revoke a token, at once. The last one that may write stays.',
    scope: 'write',
    params: z.strictObject({ tokenId: idSchema }),
    response: { status: 204 },
    example: { params: { tokenId: TOKEN.tokenId } },
    async handle({ params: { tokenId } }) {
      switch (await tokens.revoke(tokenId)) {
        case 'revoked':
          return;
        case 'missing':
          throw notFound(`There is no token ${tokenId}.`);
        case 'last-writer':
          throw conflict(
            'last-writer',
            'It is the last token that may write.',
            `Without ${tokenId} nobody could make tokens any more; make another one with the scope write first.`,
          );
      }
    },
  }),
];
