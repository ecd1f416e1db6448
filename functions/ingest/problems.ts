import { Problem } from '../../shared/problems/problem.ts';
import type { Adapter } from '../../shared/schemas/domain.ts';

const shortened = (text: string): string => text.slice(0, 100).toWellFormed();

export const unknownAdapter = (given: string, allowed: readonly string[]): Problem =>
  new Problem(404, 'unknown-adapter', 'There is no such ingest adapter.', {
    detail: `The adapter in the path is not known; allowed: ${allowed.join(', ')}.`,
    errors: [
      {
        in: 'path',
        field: 'adapter',
        given: shortened(given),
        message: `must be one of ${allowed.join(', ')}`,
      },
    ],
  });

export const unknownDomain = (given: string): Problem =>
  new Problem(404, 'unknown-domain', 'There is no such push domain.', {
    detail: 'Make the domain first, or correct the URL that the ingest server calls.',
    errors: [
      { in: 'path', field: 'domain', given: shortened(given), message: 'must be a configured push domain' },
    ],
  });

/** Does not tell which of both it is, so that nobody can find out what domains there are. */
export const unauthenticated = (why?: string): Problem =>
  new Problem(401, 'unauthenticated', 'The secret is missing or wrong, or there is no such push domain.', {
    detail:
      why ??
      'Give the domain’s secret, or a token with the scope ingest, as the query parameter secret, as x-streamkeep-secret, or as a bearer token.',
    errors: [
      { in: 'query', field: 'secret', message: 'must be the secret of the domain' },
      { in: 'path', field: 'domain', message: 'must be a configured push domain' },
    ],
    headers: { 'www-authenticate': 'Bearer' },
  });

export const otherAdapter = (given: string, configured: Adapter): Problem =>
  new Problem(409, 'other-adapter', 'The domain uses another ingest adapter.', {
    errors: [{ in: 'path', field: 'adapter', given, message: `must be ${configured}, as the domain has it` }],
  });

export const disabledDomain = (domain: string): Problem =>
  new Problem(403, 'domain-disabled', 'The push domain is disabled.', {
    detail: `Nothing may be pushed to ${domain} while it is disabled.`,
  });
