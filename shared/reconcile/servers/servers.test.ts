import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../snapshot.ts';
import { mediamtx } from './mediamtx.ts';
import { nginxRtmp } from './nginx-rtmp.ts';
import { nodeMediaServer } from './node-media-server.ts';
import { srs } from './srs.ts';

const ASKED = new Date('2026-11-22T20:00:00.000Z');
const question = { domain: 'push.example.com', askedAt: ASKED };
const ago = (seconds: number) => new Date(ASKED.getTime() - seconds * 1000).toISOString();
const namesOf = ({ pushes }: Snapshot) => pushes.map(({ app, stream }) => `${app}/${stream}`);

describe('nginx-rtmp', () => {
  /** As libnginx-mod-rtmp 1.2.2 of Debian prints it; ngx_rtmp_stat_module.c. */
  const client = (id: number, ms: number, is: string) =>
    `<client><id>${id}</id><address>10.0.0.7</address><time>${ms}</time><flashver>FMLE/3.0 (compatible; Lavf59.27</flashver><dropped>0</dropped><avsync>-8</avsync><timestamp>1501</timestamp>${is}<active/></client>\r\n`;
  const stream = (name: string, more: string, ms = 60_000) =>
    `<stream>\r\n<name>${name}</name>\r\n<time>${ms}</time><bw_in>512000</bw_in>\r\n<bytes_in>127782</bytes_in>\r\n<bw_out>0</bw_out>\r\n${more}<nclients>2</nclients>\r\n</stream>\r\n`;
  const stat = (...streams: string[]) =>
    `<?xml version="1.0" encoding="utf-8" ?>\r\n<?xml-stylesheet type="text/xsl" href="/stat.xsl" ?>\r\n<rtmp>\r\n<nginx_version>1.22.1</nginx_version>\r\n<uptime>3</uptime>\r\n<server>\r\n<application>\r\n<name>empty</name>\r\n<live>\r\n<nclients>0</nclients>\r\n</live>\r\n</application>\r\n<application>\r\n<name>live</name>\r\n<live>\r\n${streams.join('')}<nclients>2</nclients>\r\n</live>\r\n</application>\r\n<application>\r\n<name>vod</name>\r\n</application>\r\n</server>\r\n</rtmp>\r\n`;

  it('lists what is published, by the publishers’ connections', () => {
    const body = stat(
      stream('show', `${client(1, 90_000, '<publishing/>')}${client(3, 2000, '')}<publishing/>\r\n`),
      stream('waited-for', client(4, 2000, '')),
      stream('007', `${client(5, 1500, '<publishing/>')}<publishing/>\r\n`),
    );
    expect(nginxRtmp.parse(body, question)).toEqual({
      pushes: [
        // Its connection was there before the stream was.
        { app: 'live', stream: 'show', clientId: '10.0.0.7/1', startedAt: ago(60), isSending: true },
        { app: 'live', stream: '007', clientId: '10.0.0.7/5', startedAt: ago(1.5) },
      ],
      isComplete: true,
    });
  });

  it('tells a publisher that sends nothing, once nginx knows', () => {
    const idle = (ms: number) =>
      stat(stream('show', `${client(1, ms, '<publishing/>')}<publishing/>`, ms).replace('512000', '0'));
    expect(nginxRtmp.parse(idle(30_000), question).pushes[0]).toMatchObject({ isSending: false });
    expect(nginxRtmp.parse(idle(5000), question).pushes[0]).not.toHaveProperty('isSending');
  });

  it('reads names that nginx escapes, and trusts none that it masks', () => {
    const body = stat(
      stream('a&amp;b&lt;c&quot;', '<publishing/>'),
      // Every byte of 直播 becomes a space.
      stream('      ', '<publishing/>'),
    );
    expect(nginxRtmp.parse(body, question).pushes).toMatchObject([
      { stream: 'a&b<c"' },
      { stream: '      ', isVague: true },
    ]);
  });

  it.each(['', 'not xml', '<html><body>nginx</body></html>', '{}'])('is not understood: %s', (body) => {
    expect(() => nginxRtmp.parse(body, question)).toThrow();
  });

  it('is not believed when it brings entities of its own', () => {
    const bomb = `<!DOCTYPE rtmp [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${stat()}`;
    expect(() => nginxRtmp.parse(bomb, question)).toThrow('more than elements');
  });

  it('is nothing live when there is no application', () => {
    expect(nginxRtmp.parse('<rtmp>\r\n<uptime>1</uptime>\r\n</rtmp>', question).pushes).toEqual([]);
    expect(nginxRtmp.parse('<rtmp></rtmp>', question).pushes).toEqual([]);
  });

  it('is asked where its page is', () => {
    const asked = (url: string) => nginxRtmp.url(new URL(url)).href;
    expect(asked('http://push.example.com:8080')).toBe('http://push.example.com:8080/stat');
    expect(asked('http://push.example.com/rtmp/all?a=1')).toBe('http://push.example.com/rtmp/all?a=1');
  });
});

describe('SRS', () => {
  /** After SrsStatisticStream::dumps of trunk/src/app/srs_app_statistic.cpp in SRS 6 and 7. */
  const stream = (changes: object) => ({
    id: 'vid-0a2s8n1',
    name: 'livestream',
    vhost: 'vid-69b2o21',
    app: 'live',
    tcUrl: 'rtmp://push.example.com/live',
    url: '/live/livestream',
    live_ms: ASKED.getTime(),
    clients: 1,
    frames: 2110,
    send_bytes: 44_211,
    recv_bytes: 4_771_002,
    kbps: { recv_30s: 412, send_30s: 0 },
    publish: { active: true, cid: '33f8w1q4' },
    video: { codec: 'H264', profile: 'High', level: '3.2', width: 768, height: 320 },
    audio: { codec: 'AAC', sample_rate: 44_100, channel: 2, profile: 'LC' },
    ...changes,
  });
  const answer = (...streams: object[]) =>
    JSON.stringify({ code: 0, server: 'vid-1', service: '2b4', pid: '11', streams });

  it('lists what is published, of the default vhost and its own', () => {
    const body = answer(
      stream({}),
      stream({ name: 'idle', publish: { active: false, cid: 'gone' } }),
      stream({ name: 'own', url: 'push.example.com/live/own', publish: { active: true, cid: 'own1' } }),
      stream({ name: 'other', url: 'other.example.com/live/other', kbps: { recv_30s: 0, send_30s: 0 } }),
    );
    expect(srs.parse(body, question)).toEqual({
      pushes: [
        { app: 'live', stream: 'livestream', clientId: '33f8w1q4', isSending: true },
        { app: 'live', stream: 'own', clientId: 'own1', isSending: true },
        { app: 'live', stream: 'other', clientId: '33f8w1q4', isSending: false, isVague: true },
      ],
      isComplete: true,
    });
  });

  it('has left something out when the list is as long as was asked for', () => {
    const body = answer(...Array.from({ length: 10_000 }, (_, index) => stream({ name: `s${index}` })));
    expect(srs.parse(body, question).isComplete).toBe(false);
  });

  it('is asked for all at once, also behind a proxy', () => {
    expect(srs.url(new URL('http://srs.internal:1985')).href).toBe(
      'http://srs.internal:1985/api/v1/streams/?start=0&count=10000',
    );
    expect(srs.url(new URL('https://example.com/srs/')).pathname).toBe('/srs/api/v1/streams/');
  });

  it('is not believed when it says that something is wrong', () => {
    expect(() => srs.parse('{"code":1001,"streams":[]}', question)).toThrow();
    expect(() => srs.parse('<html>', question)).toThrow();
  });
});

describe('MediaMTX', () => {
  /** After the schemas Path and PathList of api/openapi.yaml in MediaMTX 1.19. */
  const path = (changes: object) => ({
    name: 'live/show',
    confName: 'all_others',
    ready: true,
    readyTime: '2026-11-22T20:59:30.123456789+01:00',
    available: true,
    availableTime: '2026-11-22T20:59:30.123456789+01:00',
    online: true,
    onlineTime: '2026-11-22T20:59:30.123456789+01:00',
    source: { type: 'rtmpConn', id: '6e5f5b0e-6c1f-4a0e-8c5f-2f9a6e1b7c11' },
    tracks: ['H264', 'MPEG-4 Audio'],
    readers: [],
    inboundBytes: 12_345,
    ...changes,
  });
  const answer = (...items: object[]) =>
    JSON.stringify({ itemCount: items.length, pageCount: items.length === 0 ? 0 : 1, items });

  it('lists the paths that have a source, named as its hooks name them', () => {
    const { online: _, onlineTime: __, available: ___, availableTime: ____, ...old } = path({});
    const body = answer(
      path({}),
      path({ name: 'camera1', source: { type: 'rtspSource', id: '' } }),
      path({
        name: 'on-demand',
        ready: false,
        online: false,
        onlineTime: null,
        readyTime: null,
        source: null,
      }),
      // What is shown while the publisher is away does not count.
      path({ name: 'away', online: false, onlineTime: null }),
      { ...old, name: 'a/b/old' },
    );
    const clientId = 'rtmpConn/6e5f5b0e-6c1f-4a0e-8c5f-2f9a6e1b7c11';
    const startedAt = '2026-11-22T19:59:30.123Z';
    expect(mediamtx.parse(body, question)).toEqual({
      pushes: [
        { app: 'live', stream: 'show', clientId, startedAt },
        { app: 'live', stream: 'camera1', clientId: 'rtspSource/', startedAt },
        { app: 'a/b', stream: 'old', clientId, startedAt },
      ],
      isComplete: true,
    });
  });

  it('does not begin in the future when its clock is ahead', () => {
    const [push] = mediamtx.parse(answer(path({ onlineTime: '2026-11-22T20:10:00Z' })), question).pushes;
    expect(push?.startedAt).toBe(ASKED.toISOString());
  });

  it('has left something out when there are more pages', () => {
    const body = JSON.stringify({ itemCount: 20_000, pageCount: 2, items: [path({})] });
    expect(mediamtx.parse(body, question).isComplete).toBe(false);
    expect(mediamtx.url(new URL('http://mtx:9997')).href).toBe(
      'http://mtx:9997/v3/paths/list?page=0&itemsPerPage=10000',
    );
  });
});

describe('node-media-server', () => {
  /** After buildStreamEntry of src/api/handlers/streams.js in node-media-server 4.4.3. */
  const stream = (changes: object) => ({
    key: '/live/show',
    app: 'live',
    name: 'show',
    status: 'publishing',
    publisher: {
      id: 'k3j5l6',
      ip: '10.0.0.7:51234',
      protocol: 'rtmp',
      createTime: ASKED.getTime() - 45_000,
      videoCodec: 7,
      inBytes: 55_000,
    },
    subscribers: 1,
    outBytes: 55_000,
    inBps: 51_000,
    outBps: 51_000,
    recording: false,
    ...changes,
  });
  const answer = (...streams: object[]) =>
    JSON.stringify({ success: true, data: { streams, total: streams.length }, message: '' });

  it('lists what is published, and what may come back, as live', () => {
    const body = answer(
      stream({}),
      stream({ name: 'gone', status: 'reconnecting', publisher: null, inBps: 0 }),
      stream({ name: 'idle', status: 'idle', publisher: null }),
    );
    const snapshot = nodeMediaServer.parse(body, question);
    expect(namesOf(snapshot)).toEqual(['live/show', 'live/gone']);
    expect(snapshot.pushes[0]).toEqual({
      app: 'live',
      stream: 'show',
      clientId: 'k3j5l6',
      startedAt: ago(45),
      isSending: true,
    });
    expect(snapshot.pushes[1]).not.toHaveProperty('clientId');
  });

  it('is not believed without a token', () => {
    expect(() => nodeMediaServer.parse('{"success":false,"error":"no token"}', question)).toThrow();
  });
});
