import { describe, expect, it } from 'vitest';
import { nginxRtmp } from './nginx-rtmp.ts';

const RECEIVED = new Date('2026-11-22T10:00:00.000Z');
// As ngx_rtmp_notify_create_request and ngx_rtmp_notify_publish_create of ngx_rtmp_notify_module.c (nginx-rtmp-module
// 1.2.2) write it: the session's fields, then those of the call, then what the publisher wrote behind the name.
const SESSION =
  'app=live&flashver=FMLE%2F3.0&swfurl=&tcurl=rtmp%3A%2F%2F127.0.0.1%2Flive&pageurl=&addr=10.0.0.7&clientid=42';

const post = (body: string) =>
  nginxRtmp.parse(
    { method: 'POST', query: new URLSearchParams('secret=s'), body, at: RECEIVED },
    'push.example.com',
  );
const get = (query: string) =>
  nginxRtmp.parse(
    { method: 'GET', query: new URLSearchParams(query), body: '', at: RECEIVED },
    'push.example.com',
  );

const EVENT = {
  key: { domain: 'push.example.com', app: 'live', stream: 'demo' },
  clientId: '10.0.0.7/42',
  at: '2026-11-22T10:00:00.000Z',
};

describe('callbacks of nginx-rtmp', () => {
  it('are the start and the stop of a push', () => {
    expect(post(`${SESSION}&call=publish&name=demo&type=live`)).toEqual({
      type: 'event',
      event: { type: 'started', ...EVENT },
    });
    expect(post(`${SESSION}&call=publish_done&name=demo`)).toEqual({
      type: 'event',
      event: { type: 'stopped', ...EVENT },
    });
  });

  it('come in the query with notify_method get', () => {
    expect(get(`secret=s&${SESSION}&call=publish&name=demo&type=live`)).toMatchObject({ type: 'event' });
  });

  it.each([
    'play',
    'play_done',
    'done',
    'update_publish',
    'update_play',
    'record_done',
    'connect',
    'disconnect',
  ])('are ignored when they are about something else: %s', (call) => {
    expect(post(`${SESSION}&call=${call}&name=demo`)).toEqual({ type: 'ignored' });
  });

  it('do not let the publisher’s own arguments overrule nginx’s fields', () => {
    const parsed = post(
      `${SESSION}&call=publish&name=demo&type=live&name=other&app=other&clientid=1&call=publish_done`,
    );
    expect(parsed).toEqual({ type: 'event', event: { type: 'started', ...EVENT } });
  });

  it('keep slashes and other writing in names as they are', () => {
    const parsed = post(`${SESSION}&call=publish&name=${encodeURIComponent('../a b/直播')}`);
    expect(parsed).toMatchObject({ event: { key: { stream: '../a b/直播' } } });
  });

  it.each([
    ['a missing name', `${SESSION}&call=publish`, 'name'],
    ['an empty name', `${SESSION}&call=publish&name=`, 'name'],
    ['a name with control characters', `${SESSION}&call=publish&name=a%0Ab`, 'name'],
    ['a name of 2 KB', `${SESSION}&call=publish&name=${encodeURIComponent('ü'.repeat(1024))}`, 'name'],
    ['no app', 'addr=10.0.0.7&clientid=1&call=publish&name=demo', 'app'],
    ['no connection number', 'app=live&addr=10.0.0.7&call=publish&name=demo', 'clientid'],
  ])('are of no use with %s, but are callbacks all the same', (_, body, field) => {
    expect(post(body)).toMatchObject({ type: 'unusable', says: 'started', errors: [{ in: 'body', field }] });
  });

  it.each([
    ['no call', SESSION],
    ['nothing at all', ''],
  ])('are none with %s', (_, body) => {
    expect(post(body)).toMatchObject({ type: 'invalid', errors: [{ in: 'body', field: 'call' }] });
  });
});
