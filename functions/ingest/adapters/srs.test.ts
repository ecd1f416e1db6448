import { describe, expect, it } from 'vitest';
import { srs } from './srs.ts';

const AT = new Date('2026-11-22T10:00:00.000Z');

// The body of on_publish in trunk/conf/full.conf of SRS 7.0.18 (vhost hooks.callback.srs.com); that of on_unpublish
// there differs in its action alone. SRS 5 and 6 send the same, with service_id and tcUrl besides
// (SrsHttpHooks::on_publish in trunk/src/app/srs_app_http_hooks.cpp, v5.0-r3).
const BODY = {
  action: 'on_publish',
  client_id: '9308h583',
  ip: '192.168.1.10',
  vhost: 'video.test.com',
  app: 'live',
  stream: 'livestream',
  param: '?token=xxx&salt=yyy',
  server_id: 'vid-werty',
  stream_url: 'video.test.com/live/livestream',
  stream_id: 'vid-124q9y3',
};

const postText = (body: string) =>
  srs.parse({ method: 'POST', query: new URLSearchParams(), body, at: AT }, 'push.example.com');
const post = (changes: Record<string, unknown> = {}) => postText(JSON.stringify({ ...BODY, ...changes }));

const EVENT = {
  key: { domain: 'push.example.com', app: 'live', stream: 'livestream' },
  clientId: '9308h583',
  at: '2026-11-22T10:00:00.000Z',
};

describe('Callbacks of SRS', () => {
  it('are the start and the stop of a push', () => {
    expect(post()).toEqual({ type: 'event', event: { type: 'started', ...EVENT } });
    expect(post({ action: 'on_unpublish' })).toEqual({ type: 'event', event: { type: 'stopped', ...EVENT } });
  });

  it('of SRS 5, 6 and 7 have more fields, which do not matter', () => {
    expect(post({ service_id: '382k456r', tcUrl: 'rtmp://192.168.1.10/live' })).toMatchObject({
      event: EVENT,
    });
  });

  it('of SRS 3 have a number for the connection', () => {
    expect(post({ client_id: 1985 })).toMatchObject({ event: { clientId: '1985' } });
  });

  it.each(['on_connect', 'on_close', 'on_play', 'on_stop', 'on_dvr', 'on_hls', 'on_forward', 'on_new'])(
    'are ignored when they are about something else: %s',
    (action) => {
      expect(post({ action })).toEqual({ type: 'ignored' });
    },
  );

  it.each([
    ['a missing stream', { stream: undefined }, 'stream'],
    ['an empty stream', { stream: '' }, 'stream'],
    ['control characters', { stream: 'a\u0000b' }, 'stream'],
    ['no app', { app: null }, 'app'],
    ['no connection', { client_id: undefined }, 'client_id'],
  ])('are of no use with %s, but are callbacks all the same', (_, changes, field) => {
    const errors = [{ in: 'body', field }];
    expect(post(changes)).toMatchObject({ type: 'unusable', says: 'started', errors });
    expect(post({ ...changes, action: 'on_unpublish' })).toMatchObject({ type: 'unusable', says: 'stopped' });
  });

  it.each(['', '0', '[]', '{}', '{"action":1}', 'action=on_publish'])('are none when they are %j', (text) => {
    expect(postText(text)).toMatchObject({ type: 'invalid' });
  });
});
