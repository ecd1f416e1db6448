import { createHmac, randomBytes } from 'node:crypto';

/** What every secret of a callback begins with; base64 of the key follows. */
const PREFIX = 'whsec_';
const KEY_BYTES = 32;
/** Lengths that the Standard Webhooks specification allows. */
const LEAST_KEY_BYTES = 24;
const MOST_KEY_BYTES = 64;

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

const keyOf = (secret: string): Buffer => Buffer.from(secret.slice(PREFIX.length), 'base64');

export const newCallbackSecret = (): string => `${PREFIX}${randomBytes(KEY_BYTES).toString('base64')}`;

/** Whether a text can be the secret of a callback. */
export const isCallbackSecret = (text: string): boolean => {
  if (!text.startsWith(PREFIX) || !BASE64.test(text.slice(PREFIX.length))) return false;
  const { length } = keyOf(text);
  return length >= LEAST_KEY_BYTES && length <= MOST_KEY_BYTES;
};

export interface Signed {
  /** The `webhook-id` header. */
  readonly id: string;
  /** The `webhook-timestamp` header: seconds since 1970. */
  readonly timestamp: number;
  /** The body exactly as it is sent. */
  readonly body: string;
}

/** The `webhook-signature` header of the Standard Webhooks specification: one signature for each secret. */
export const signatureHeader = (secrets: readonly string[], { id, timestamp, body }: Signed): string =>
  secrets
    .map((secret) =>
      createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest('base64'),
    )
    .map((signature) => `v1,${signature}`)
    .join(' ');
