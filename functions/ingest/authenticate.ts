import type { Scope } from '../../shared/auth/tokens.ts';
import type { Domain } from '../../shared/schemas/domain.ts';
import { unauthenticated } from './problems.ts';
import { givenSecret, isSecret } from './secret.ts';
import { verifySignature } from './signature.ts';

export interface TokenPorts {
  /** What a token stands for; undefined when it is not one of ours. */
  findToken(token: string): Promise<{ scopes: readonly Scope[] } | undefined>;
}

export interface Credentials {
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

const TOKEN_PREFIX = 'sk_';

/**
 * Makes sure that a callback comes from whom it says: it brings the domain's secret, a signature made with it, or a
 * token with the scope `ingest`. Without any of these not even the domain's existence is told.
 * @param domain undefined when there is none
 * @returns when its sender has signed it; undefined when it is not signed
 * @throws Problem 401
 */
export const authenticate = async (
  { findToken }: TokenPorts,
  { query, headers, body }: Credentials,
  domain: Domain | undefined,
  now: Date,
): Promise<Date | undefined> => {
  if (domain?.adapter === 'webhook') {
    const verified = verifySignature(headers, body, domain.secretHash, now);
    if (verified.type === 'signed') return verified.at;
    if (verified.type === 'refused') throw unauthenticated(verified.why);
  }
  const secret = givenSecret(query, headers);
  if (secret === undefined) throw unauthenticated();
  if (domain !== undefined && isSecret(secret, domain.secretHash)) return undefined;
  const token = secret.startsWith(TOKEN_PREFIX) ? await findToken(secret) : undefined;
  if (!token?.scopes.includes('ingest')) throw unauthenticated();
  return undefined;
};
