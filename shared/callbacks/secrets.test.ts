import { describe, expect, it } from 'vitest';
import { isCallbackSecret, newCallbackSecret, signatureHeader } from './secrets.ts';

// The vector that the reference libraries of Standard Webhooks are tested with.
const VECTOR = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  signed: { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1614265330, body: '{"test": 2432232314}' },
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
};

describe('a signature', () => {
  it('is that of the test vector of Standard Webhooks', () => {
    expect(signatureHeader([VECTOR.secret], VECTOR.signed)).toBe(VECTOR.signature);
  });

  it('is made with each secret, separated by spaces', () => {
    const other = newCallbackSecret();
    const both = signatureHeader([other, VECTOR.secret], VECTOR.signed);
    expect(both).toBe(`${signatureHeader([other], VECTOR.signed)} ${VECTOR.signature}`);
  });

  it.each([{ id: 'msg_other' }, { timestamp: 1614265331 }, { body: '{"test": 2432232315}' }])(
    'is another one with %j',
    (change) => {
      expect(signatureHeader([VECTOR.secret], { ...VECTOR.signed, ...change })).not.toBe(VECTOR.signature);
    },
  );
});

describe('a secret', () => {
  it('is another one each time, of 256 bits', () => {
    const secret = newCallbackSecret();
    expect(secret).not.toBe(newCallbackSecret());
    expect(isCallbackSecret(secret)).toBe(true);
    expect(Buffer.from(secret.slice('whsec_'.length), 'base64')).toHaveLength(32);
  });

  it.each([
    [VECTOR.secret, true],
    [`whsec_${Buffer.alloc(64).toString('base64')}`, true],
    [`whsec_${Buffer.alloc(65).toString('base64')}`, false],
    [`whsec_${Buffer.alloc(23).toString('base64')}`, false],
    ['whsec_', false],
    [VECTOR.secret.slice('whsec_'.length), false],
    [`${VECTOR.secret}\n`, false],
    ['whsec_not base64 at all, but long enough for it', false],
  ])('%j is one: %j', (text, is) => {
    expect(isCallbackSecret(text)).toBe(is);
  });
});
