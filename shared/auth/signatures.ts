import { createHmac } from 'node:crypto';
import { isSameSecret } from './secrets.ts';

/** What a link allows: reading one file until a time, in seconds since 1970. */
export interface SignedLink {
  readonly recordId: string;
  readonly fileId: string;
  readonly expires: number;
}

/** HMAC-SHA256, base64url. */
export const signLink = (key: string, { recordId, fileId, expires }: SignedLink): string =>
  createHmac('sha256', key)
    .update(JSON.stringify(['playlist', recordId, fileId, expires]))
    .digest('base64url');

/** Whether the link is ours and still valid. */
export const isValidLink = (key: string, link: SignedLink, signature: string, now: Date): boolean =>
  isSameSecret(signature, signLink(key, link)) && link.expires * 1000 > now.getTime();
