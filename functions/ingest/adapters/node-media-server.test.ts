import { describe, expect, it } from 'vitest';
import { nodeMediaServer } from './node-media-server.ts';

const RECEIVED = new Date('2026-11-22T10:00:00.000Z');

// What `notify` of node-media-server 4 posts of a session.
const BODY = {
  id: 'mia3k2p9x7f0a1b2c',
  ip: '127.0.0.1:51234',
  app: 'live',
  name: 'demo',
  query: {},
  protocol: 'rtmp',
  createtime: RECEIVED.getTime() - 5000,
  endtime: 0,
  inbytes: 3409,
  outbytes: 0,
  filePath: '',
  action: 'postPublish',
};

const post = (changes: Record<string, unknown>) => postText(JSON.stringify({ ...BODY, ...changes }));
const postText = (body: string) =>
  nodeMediaServer.parse({ method: 'POST', query: new URLSearchParams(), body, at: RECEIVED }, 'localhost');

const EVENT = {
  key: { domain: 'localhost', app: 'live', stream: 'demo' },
  clientId: 'mia3k2p9x7f0a1b2c',
  at: '2026-11-22T10:00:00.000Z',
};

describe('callbacks of node-media-server', () => {
  it('are the start and the stop of a push', () => {
    expect(post({})).toEqual({ type: 'event', event: { type: 'started', ...EVENT } });
    expect(post({ action: 'donePublish' })).toEqual({ type: 'event', event: { type: 'stopped', ...EVENT } });
  });

  it('tell the end as it was, although they may come after a grace period', () => {
    const endtime = RECEIVED.getTime() - 30_000;
    expect(post({ action: 'donePublish', endtime })).toMatchObject({
      event: { at: '2026-11-22T09:59:30.000Z' },
    });
  });

  it.each([RECEIVED.getTime() + 60_000, RECEIVED.getTime() - 3_600_000, 1])(
    'are not believed when their clock is far off: %d',
    (endtime) => {
      expect(post({ action: 'donePublish', endtime })).toMatchObject({
        event: { at: RECEIVED.toISOString() },
      });
    },
  );

  it('tell the end of a refused publisher as that of a player who was sent nothing', () => {
    const endtime = RECEIVED.getTime();
    expect(post({ action: 'donePlay', endtime, outbytes: 0 })).toMatchObject({ event: { type: 'stopped' } });
    expect(post({ action: 'donePlay', endtime, outbytes: 812_345 })).toEqual({ type: 'ignored' });
  });

  it.each(['prePublish', 'prePlay', 'postPlay', 'postRecord', 'doneRecord', 'somethingNew'])(
    'are ignored when they are about something else: %s',
    (action) => {
      expect(post({ action })).toEqual({ type: 'ignored' });
    },
  );

  it('are ignored when a connection ended before it had named a stream', () => {
    expect(post({ action: 'donePlay', app: '', name: '' })).toEqual({ type: 'ignored' });
  });

  it.each([
    ['a missing name', { name: undefined }, 'name'],
    ['a name with control characters', { name: 'a\u0000b' }, 'name'],
    ['a name of 2 KB', { name: 'ü'.repeat(1024) }, 'name'],
    ['a name that is half a character', { name: '\ud800' }, 'name'],
    ['a name that is no text', { name: { $gt: '' } }, 'name'],
    ['a missing app', { app: undefined }, 'app'],
    ['a missing id', { id: undefined }, 'id'],
  ])('are of no use with %s, but are callbacks all the same', (_, changes, field) => {
    expect(post(changes)).toMatchObject({
      type: 'unusable',
      says: 'started',
      errors: [{ in: 'body', field }],
    });
  });

  it('are none without an action', () => {
    const errors = [{ in: 'body', field: 'action' }];
    expect(post({ action: undefined })).toMatchObject({ type: 'invalid', errors });
  });

  it.each(['', 'action=postPublish', '[]', 'null', '{"action":', '"postPublish"'])(
    'are none when they are %j',
    (text) => {
      expect(postText(text)).toMatchObject({ type: 'invalid' });
    },
  );
});
