import { describe, expect, it } from 'vitest';
import { webhook } from './webhook.ts';

const AT = new Date('2026-11-22T10:00:00.000Z');
const BODY = { type: 'started', app: 'live', stream: 'show', clientId: 'c1' };

const post = (changes: Record<string, unknown> = {}) => postText(JSON.stringify({ ...BODY, ...changes }));
const postText = (body: string) =>
  webhook.parse({ method: 'POST', query: new URLSearchParams(), body, at: AT }, 'push.example.com');

const EVENT = { key: { domain: 'push.example.com', app: 'live', stream: 'show' }, clientId: 'c1' };

describe('Webhooks of other servers', () => {
  it.each(['started', 'stopped'])('say that a push has %s', (type) => {
    expect(post({ type })).toEqual({ type: 'event', event: { type, ...EVENT, at: AT.toISOString() } });
  });

  it('may say when it was', () => {
    const at = '2026-11-22T09:58:00.250Z';
    expect(post({ at })).toMatchObject({ event: { at } });
  });

  it.each([
    ['a time that is long ago', { at: '2026-11-22T09:54:59.000Z' }, 'at'],
    ['a time to come', { at: '2026-11-22T10:05:01.000Z' }, 'at'],
    ['no time at all', { at: 'now' }, 'at'],
    ['another type', { type: 'publish' }, 'type'],
    ['no app', { app: '' }, 'app'],
    ['control characters', { stream: 'a\nb' }, 'stream'],
    ['no connection', { clientId: undefined }, 'clientId'],
    ['a field that is not known', { domain: 'other.example.com' }, 'domain'],
  ])('are refused with %s', (_, changes, field) => {
    expect(post(changes)).toMatchObject({ type: 'invalid', errors: [{ in: 'body', field }] });
  });

  it.each(['', '[]', 'null', 'type=started'])('are refused when they are %j', (text) => {
    expect(postText(text)).toMatchObject({ type: 'invalid' });
  });
});
