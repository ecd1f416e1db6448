import type { Scope, Token, Tokens } from '../../shared/auth/tokens.ts';
import { missingScope, unauthenticated } from '../../shared/problems/problems.ts';

const BEARER = /^Bearer +([\x21-\x7e]{1,512})$/i;

/**
 * Who the caller is.
 * @throws Problem 401, which is the same whatever is wrong
 */
export const authenticate = async (
  tokens: Pick<Tokens, 'find'>,
  authorization: string | undefined,
): Promise<Token> => {
  const [, given] = BEARER.exec(authorization ?? '') ?? [];
  const token = given === undefined ? undefined : await tokens.find(given);
  if (token === undefined) throw unauthenticated();
  return token;
};

/** @throws Problem 403 when the token does not have the scope */
export const requireScope = (token: Token, scope: Scope): void => {
  if (!token.scopes.includes(scope)) throw missingScope(scope);
};
