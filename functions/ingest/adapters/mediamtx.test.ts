import { describe, expect, it } from 'vitest';
import { mediamtx } from './mediamtx.ts';

const AT = new Date('2026-11-22T10:00:00.000Z');

// The variables that hooks have (docs/2-features/20-hooks.md and internal/hooks/on_online.go of MediaMTX 1.20.1); the
// id of a publisher's connection is a UUID. The form is that of our own page on MediaMTX.
const FORM = {
  hook: 'runOnOnline',
  MTX_PATH: 'live/show',
  MTX_SOURCE_TYPE: 'rtmpConn',
  MTX_SOURCE_ID: '7a2d1c9e-5c0e-4f0e-9a39-0f6f3f1f8f5b',
};

const post = (changes: Record<string, string> = {}) =>
  postText(new URLSearchParams({ ...FORM, ...changes }).toString());
const postText = (body: string) =>
  mediamtx.parse({ method: 'POST', query: new URLSearchParams(), body, at: AT }, 'push.example.com');

const EVENT = {
  key: { domain: 'push.example.com', app: 'live', stream: 'show' },
  clientId: 'rtmpConn/7a2d1c9e-5c0e-4f0e-9a39-0f6f3f1f8f5b',
  at: '2026-11-22T10:00:00.000Z',
};

describe('Hooks of MediaMTX', () => {
  it.each(['runOnOnline', 'runOnAvailable', 'runOnReady'])('are the start of a push: %s', (hook) => {
    expect(post({ hook })).toEqual({ type: 'event', event: { type: 'started', ...EVENT } });
  });

  it.each(['runOnOffline', 'runOnUnavailable', 'runOnNotReady'])('are the stop of a push: %s', (hook) => {
    expect(post({ hook })).toEqual({ type: 'event', event: { type: 'stopped', ...EVENT } });
  });

  it.each([
    ['cam1', 'live', 'cam1'],
    ['live/show', 'live', 'show'],
    ['site/floor-2/cam1', 'site/floor-2', 'cam1'],
  ])('name the path %s as app and stream', (path, app, stream) => {
    expect(post({ MTX_PATH: path })).toMatchObject({ event: { key: { app, stream } } });
  });

  it('need no connection where MediaMTX pulls the stream', () => {
    const pulled = post({ MTX_SOURCE_TYPE: 'rtspSource', MTX_SOURCE_ID: '' });
    expect(pulled).toMatchObject({ event: { clientId: 'rtspSource/' } });
    expect(postText('hook=runOnReady&MTX_PATH=cam1')).toMatchObject({ event: { clientId: '/' } });
  });

  it.each(['runOnRead', 'runOnUnread', 'runOnRecordSegmentComplete', 'runOnConnect', 'constructor'])(
    'are ignored when they are about something else: %s',
    (hook) => {
      expect(post({ hook })).toEqual({ type: 'ignored' });
    },
  );

  it.each(['', '/', 'a/', '/a', 'a\u0000', 'ü'.repeat(300)])('are of no use with the path %j', (path) => {
    expect(post({ MTX_PATH: path })).toMatchObject({ type: 'unusable', says: 'started' });
  });

  it.each(['', 'MTX_PATH=a', '{"hook":"runOnReady"}'])('are none when they are %j', (text) => {
    expect(postText(text)).toMatchObject({ type: 'invalid', errors: [{ field: 'hook' }] });
  });
});
