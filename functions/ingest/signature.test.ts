import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signatureHeader } from '../../shared/callbacks/secrets.ts';
import { verifySignature } from './signature.ts';

const NOW = new Date('2026-11-22T10:00:00.400Z');
const SECRET = 'correct-horse-battery';
const KEY = createHash('sha256').update(SECRET).digest();
const BODY = '{"type":"started","app":"live","stream":"show","clientId":"1"}';

const headersOf = ({ id = 'msg_1', seconds = 0, body = BODY, key = KEY } = {}) => {
  const timestamp = Math.floor(NOW.getTime() / 1000) + seconds;
  const signature = signatureHeader([`whsec_${key.toString('base64')}`], { id, timestamp, body });
  return { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signature };
};
const verify = (headers: Record<string, string | undefined>, body = BODY) =>
  verifySignature(headers, body, KEY.toString('hex'), NOW);

describe('A signature', () => {
  it('holds for its body, and tells when it was made', () => {
    expect(verify(headersOf())).toEqual({ type: 'signed', at: new Date('2026-11-22T10:00:00.000Z') });
  });

  it('may be one of several', () => {
    const headers = headersOf();
    const others = `v1,${Buffer.alloc(32).toString('base64')} v1a,x ${headers['webhook-signature']}`;
    expect(verify({ ...headers, 'webhook-signature': others })).toMatchObject({ type: 'signed' });
  });

  it('can be made as the documentation says, with a shell alone', () => {
    const timestamp = Math.floor(NOW.getTime() / 1000);
    const script = `
      KEY=$(printf %s "$SECRET" | openssl dgst -sha256 -r | cut -d ' ' -f 1)
      printf %s "$ID.$TIMESTAMP.$BODY" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$KEY" -binary | base64`;
    const env = { ...process.env, SECRET, BODY, ID: 'msg_2', TIMESTAMP: String(timestamp) };
    const made = execFileSync('sh', ['-c', script], { env, encoding: 'utf8' }).trim();
    const headers = { 'webhook-id': 'msg_2', 'webhook-timestamp': String(timestamp) };
    expect(verify({ ...headers, 'webhook-signature': `v1,${made}` })).toMatchObject({ type: 'signed' });
  });

  it('is none without its header', () => {
    expect(verify({})).toEqual({ type: 'unsigned' });
  });

  it.each([
    ['another body', headersOf({ body: '{}' })],
    ['another key', headersOf({ key: Buffer.alloc(32) })],
    ['another id', { ...headersOf(), 'webhook-id': 'msg_2' }],
    ['another time', { ...headersOf(), 'webhook-timestamp': headersOf({ seconds: 1 })['webhook-timestamp'] }],
    ['an old time', headersOf({ seconds: -301 })],
    ['a time to come', headersOf({ seconds: 301 })],
    ['no id', { ...headersOf(), 'webhook-id': undefined }],
    ['a time that is none', { ...headersOf(), 'webhook-timestamp': '1e9' }],
    ['half of it', { ...headersOf(), 'webhook-signature': headersOf()['webhook-signature'].slice(0, 20) }],
    [
      'another version',
      { ...headersOf(), 'webhook-signature': headersOf()['webhook-signature'].replace('v1,', 'v2,') },
    ],
  ])('is refused with %s', (_, headers) => {
    expect(verify(headers)).toMatchObject({ type: 'refused' });
  });
});
