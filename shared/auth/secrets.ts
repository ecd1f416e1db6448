import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** SHA-256 in hexadecimal. Our secrets are long and random, so that nothing slower is needed to hide them. */
export const hashSecret = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** A new secret of 256 bits, URL-safe. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** Compares in a time that tells nothing of where they differ. */
export const isSameSecret = (given: string, expected: string): boolean =>
  timingSafeEqual(Buffer.from(hashSecret(given)), Buffer.from(hashSecret(expected)));
