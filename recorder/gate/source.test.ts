import { describe, expect, it } from 'vitest';
import { parseSource } from './source.ts';

const key = (stream: string, app = 'live') => ({ domain: 'push.example.com', app, stream });

describe('A source', () => {
  it('of RTMP is taken apart as ffmpeg wants it', () => {
    expect(parseSource('rtmp://origin.example.com/{app}/{stream}', key('show'))).toEqual({
      kind: 'rtmp',
      host: 'origin.example.com',
      port: 1935,
      tls: false,
      tcUrl: 'rtmp://origin.example.com/live',
      app: 'live',
      playpath: 'show',
    });
    expect(parseSource('rtmps://[2001:db8::1]:4430/x/{app}/{stream}?key=a/b', key('show'))).toMatchObject({
      host: '[2001:db8::1]',
      port: 4430,
      tls: true,
      tcUrl: 'rtmps://[2001:db8::1]:4430/x/live',
      app: 'x/live',
      playpath: 'show?key=a/b',
    });
    expect(parseSource('rtmp://h/{stream}', key('show'))).toMatchObject({ app: '', playpath: 'show' });
  });

  it.each(['..', '.', 'a/b', 'a?b#c%2Fd', '$&$1$$', '{app}', 'ü 直播', '%', "a'b|c]d"])(
    'of RTMP carries the name %j as it is',
    (name) => {
      const source = parseSource('rtmp://h/{app}/{stream}', key(name));
      expect(source).toMatchObject({ app: 'live', playpath: name, host: 'h' });
    },
  );

  it('of RTMP fills in an app that looks like a placeholder only once', () => {
    const source = parseSource('rtmp://h/{app}/{stream}', key('show', '{stream}'));
    expect(source).toMatchObject({ app: '{stream}', playpath: 'show', tcUrl: 'rtmp://h/{stream}' });
  });

  it('of RTSP keeps its credentials apart from its path', () => {
    expect(parseSource('rtsp://me:p%40ss@cam.example.com/{stream}?x=1', key('a b'))).toEqual({
      kind: 'rtsp',
      host: 'cam.example.com',
      port: 554,
      tls: false,
      userinfo: 'me:p%40ss@',
      pathAndQuery: '/a%20b?x=1',
    });
    expect(parseSource('rtsps://cam/{stream}', key('a'))).toMatchObject({
      port: 322,
      tls: true,
      userinfo: '',
    });
  });

  it('of HTTP is its URL', () => {
    const source = parseSource('https://cdn.example.com:8443/{app}/{stream}.flv', key('a?b#c%d', 'x/y'));
    expect(source.kind === 'http' && source.url.href).toBe(
      'https://cdn.example.com:8443/x/y/a%3Fb%23c%25d.flv',
    );
  });

  it.each([
    ['https://cdn.example.com/{app}/{stream}.m3u8', 'hls'],
    ['http://cdn.example.com/{stream}/INDEX.M3U8?token=1', 'hls'],
    ['https://cdn.example.com/{stream}.flv?list=x.m3u8', 'http'],
    ['https://cdn.example.com/{stream}', 'http'],
  ])('of HTTP is a playlist by its path: %s', (template, kind) => {
    expect(parseSource(template, key('a'))).toMatchObject({ kind });
  });

  it('of SRT is its address and query', () => {
    expect(parseSource('srt://10.0.0.1:9000?streamid=#!::r={stream},m=request', key('a'))).toMatchObject({
      kind: 'srt',
      host: '10.0.0.1',
      port: 9000,
    });
    expect(parseSource('srt://h:9000?streamid={app}/{stream}', key('a&mode=listener'))).toMatchObject({
      query: '?streamid=live/a%26mode%3Dlistener',
    });
  });

  it.each(['http', 'https', 'rtsp', 'rtsps'])('of %s refuses names that lead out of its path', (scheme) => {
    for (const stream of ['..', '.']) {
      expect(() => parseSource(`${scheme}://h/{app}/{stream}`, key(stream))).toThrow(TypeError);
      expect(() => parseSource(`${scheme}://h/a/b/{stream}?x`, key(stream))).toThrow(TypeError);
    }
    expect(() => parseSource(`${scheme}://h/{app}/{stream}.flv`, key('a', 'live/../admin'))).toThrow(
      TypeError,
    );
    expect(() => parseSource(`${scheme}://h/{app}/{stream}`, key('...'))).not.toThrow();
    expect(() => parseSource(`${scheme}://h/{app}/{stream}.flv`, key('..'))).not.toThrow();
    expect(() => parseSource(`${scheme}://h/{app}/{stream}`, key('%2e%2e'))).not.toThrow();
  });
});
