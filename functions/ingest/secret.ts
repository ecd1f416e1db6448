import { hashSecret, isSameSecret } from '../../shared/auth/secrets.ts';

/** What the caller proves itself with: the query's `secret`, `x-streamkeep-secret`, or a bearer token. */
export const givenSecret = (
  query: URLSearchParams,
  headers: Readonly<Record<string, string | undefined>>,
): string | undefined =>
  query.get('secret') ??
  headers['x-streamkeep-secret'] ??
  /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];

/** Whether `secret` is the one of this hash (SHA-256, hexadecimal); takes the same time either way. */
export const isSecret = (secret: string, secretHash: string): boolean =>
  isSameSecret(hashSecret(secret), secretHash);
