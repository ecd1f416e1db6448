import { createHmac, timingSafeEqual } from 'node:crypto';

/** How old a signature may be, and how far the sender's clock may be ahead. */
const MOST_SECONDS_OFF = 300;

type Headers = Readonly<Record<string, string | undefined>>;

export type Verified =
  /** No signature was given. */
  { type: 'unsigned' } | { type: 'signed'; at: Date } | { type: 'refused'; why: string };

const refused = (why: string): Verified => ({ type: 'refused', why });

const isSame = (given: string, expected: Buffer): boolean => {
  const bytes = Buffer.from(given, 'base64');
  return bytes.length === expected.length && timingSafeEqual(bytes, expected);
};

/**
 * Verifies the headers `webhook-id`, `webhook-timestamp` and `webhook-signature` of the Standard Webhooks
 * specification. The key is the SHA-256 of the domain's secret, as only that is stored.
 * @param keyHex in hexadecimal
 */
export const verifySignature = (headers: Headers, body: string, keyHex: string, now: Date): Verified => {
  const signatures = headers['webhook-signature'];
  if (signatures === undefined) return { type: 'unsigned' };
  const id = headers['webhook-id'];
  const timestamp = headers['webhook-timestamp'];
  if (id === undefined || timestamp === undefined || !/^\d{1,12}$/.test(timestamp)) {
    return refused('A signature needs the headers webhook-id and webhook-timestamp, in seconds since 1970.');
  }
  const at = new Date(Number(timestamp) * 1000);
  if (Math.abs(now.getTime() - at.getTime()) > MOST_SECONDS_OFF * 1000) {
    return refused(`webhook-timestamp must be within ${MOST_SECONDS_OFF} s of now.`);
  }
  const expected = createHmac('sha256', Buffer.from(keyHex, 'hex'))
    .update(`${id}.${timestamp}.${body}`)
    .digest();
  const isOurs = signatures
    .split(' ')
    .some((signature) => signature.startsWith('v1,') && isSame(signature.slice('v1,'.length), expected));
  return isOurs
    ? { type: 'signed', at }
    : refused('webhook-signature is not that of this body with the key of the domain.');
};
