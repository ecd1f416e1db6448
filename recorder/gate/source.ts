import type { StreamKey } from '../../shared/schemas/names.ts';
import { sourceUrl } from '../../shared/streams/source-url.ts';

const DEFAULT_PORTS: Record<string, number> = {
  'rtmp:': 1935,
  'rtmps:': 443,
  'rtsp:': 554,
  'rtsps:': 322,
  'http:': 80,
  'https:': 443,
};

/** Where one stream is pulled from, taken apart. */
export type Source =
  | { kind: 'rtmp'; host: string; port: number; tls: boolean; tcUrl: string; app: string; playpath: string }
  | { kind: 'rtsp'; host: string; port: number; tls: boolean; userinfo: string; pathAndQuery: string }
  | { kind: 'http'; url: URL }
  | { kind: 'hls'; url: URL }
  | { kind: 'srt'; host: string; port: number; query: string };

// By function: in a replacement text `$&` and the like would be read as patterns.
const fill = (template: string, key: StreamKey): string =>
  template.replaceAll(/\{(app|stream)\}/g, (_, name: 'app' | 'stream') => key[name]);

// URL resolves these, percent-encoded or not: a name made of dots would name another stream.
const hasDotSegment = (url: string): boolean =>
  (url.split(/[?#]/, 1)[0] ?? '').split('/').some((part) => /^(?:\.|%2e){1,2}$/i.test(part));

// RTMP carries names as they are, without URL escapes, so they are filled in raw and never pass through a URL.
const rtmpSource = (template: string, key: StreamKey, url: URL, tls: boolean): Source => {
  const path = template.slice(template.indexOf('/', template.indexOf('//') + 2) + 1);
  const query = path.indexOf('?');
  const split = path.lastIndexOf('/', query === -1 ? path.length : query);
  const app = split === -1 ? '' : fill(path.slice(0, split), key);
  const port = Number(url.port) || (DEFAULT_PORTS[url.protocol] ?? 1935);
  return {
    kind: 'rtmp',
    host: url.hostname,
    port,
    tls,
    tcUrl: `${url.protocol}//${url.host}/${app}`,
    app,
    playpath: fill(path.slice(split + 1), key),
  };
};

/**
 * Takes a domain's source template apart for one stream.
 * @throws TypeError when the stream's name would lead out of the template's path
 */
export const parseSource = (template: string, key: StreamKey): Source => {
  // The authority holds no placeholder (`sourceUrlProblem`), so it can be read from the template itself.
  const filled = sourceUrl(template, key);
  const url = new URL(filled);
  if (!url.protocol.startsWith('rtmp') && hasDotSegment(filled))
    throw new TypeError('The stream name leads out of the path of the source.');
  const port = Number(url.port) || (DEFAULT_PORTS[url.protocol] ?? 0);
  const tls = url.protocol === 'rtmps:' || url.protocol === 'rtsps:';
  switch (url.protocol) {
    case 'rtmp:':
    case 'rtmps:':
      return rtmpSource(template, key, url, tls);
    case 'rtsp:':
    case 'rtsps:': {
      const userinfo = url.username === '' ? '' : `${url.username}:${url.password}@`;
      return {
        kind: 'rtsp',
        host: url.hostname,
        port,
        tls,
        userinfo,
        pathAndQuery: url.pathname + url.search,
      };
    }
    case 'srt:':
      return { kind: 'srt', host: url.hostname, port, query: url.search };
    default:
      // HTTP brings one continuous body, unless the path is that of a playlist.
      return { kind: url.pathname.toLowerCase().endsWith('.m3u8') ? 'hls' : 'http', url };
  }
};
