import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import type { Credentials } from './authenticate.ts';

/** Temporary credentials, as STS gives them. */
export type Session = Credentials & {
  readonly sessionToken: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
};

const claimsSchema = z.object({ accessKeyId: z.string(), expiresAt: z.number(), role: z.string() });

const mac = (root: Credentials, purpose: string, text: string): string =>
  createHmac('sha256', root.secretAccessKey).update(`${purpose}:${text}`).digest('base64url');

/**
 * Makes credentials for a role. Whoever knows the root credentials can tell from the token alone what they are, so STS
 * and S3 share nothing else.
 */
export const makeSession = (root: Credentials, role: string, expiresAt: number): Session => {
  const accessKeyId = `ASIA${randomBytes(8).toString('hex').toUpperCase()}`;
  const claims = Buffer.from(JSON.stringify({ accessKeyId, expiresAt, role })).toString('base64url');
  const sessionToken = `${claims}.${mac(root, 'token', claims)}`;
  return { accessKeyId, secretAccessKey: mac(root, 'secret', sessionToken), sessionToken, expiresAt };
};

/** The session of a token; undefined when it is not one of ours. It may have expired. */
export const readSession = (sessionToken: string, root: Credentials): Session | undefined => {
  const [claims = '', signature = ''] = sessionToken.split('.');
  const [expected, given] = [Buffer.from(mac(root, 'token', claims)), Buffer.from(signature)];
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) return undefined;
  const { accessKeyId, expiresAt } = claimsSchema.parse(
    JSON.parse(Buffer.from(claims, 'base64url').toString()),
  );
  return { accessKeyId, secretAccessKey: mac(root, 'secret', sessionToken), sessionToken, expiresAt };
};
