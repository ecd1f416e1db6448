import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { Gate } from '../gate.ts';
import { limited } from './limited.ts';
import { localMultivariant, localPlaylist } from './local-playlist.ts';
import type { Resource } from './playlist.ts';
import { createSharedResources } from './shared-resources.ts';
import { type HlsOptions, openHls } from './source.ts';
import type { Track } from './track.ts';

export type { HlsOptions };

/** ffmpeg is started at the same time; and when it is over, it takes what it was promised. */
const GRACE_MS = 10_000;
/** Bodies of maps and keys that are kept: ffmpeg asks for a map again with each look at a playlist. */
const KEPT_BODIES = 8;
const MOST_SHARED_BYTES = 4 * 1024 * 1024;
/** Each of the segments that wait for ffmpeg may have its own key and map. */
const MOST_SHARED = 4000;

export interface HlsGate extends Gate {
  /** What ffmpeg reads. */
  readonly url: URL;
}

const answer = (response: ServerResponse, body: string): void => {
  response.writeHead(200, { 'content-type': 'application/vnd.apple.mpegurl' }).end(body);
};
const notFound = (response: ServerResponse): void => {
  response.writeHead(404).end();
};

/**
 * The door between an HLS source and ffmpeg: a server on loopback with playlists of its own, whose segments come from
 * the source through it. So every address is vetted, nothing that a playlist names is opened by ffmpeg itself, no
 * segment is missed, and a capture ends cleanly: with the end of the playlist.
 */
export const openHlsGate = async (source: URL, options: HlsOptions): Promise<HlsGate> => {
  const hls = await openHls(source, options);
  const token = randomBytes(16).toString('hex');
  const shared = createSharedResources(MOST_SHARED);
  const bodies = new Map<number, Promise<Buffer | undefined>>();
  let bytesRead = 0;
  let closing = false;

  const deliver = async (resource: Resource, response: ServerResponse): Promise<void> => {
    const body = await hls.fetch(resource);
    if (body === undefined) return notFound(response);
    response.writeHead(200);
    body.on('data', (chunk: Buffer) => {
      bytesRead += chunk.length;
    });
    // What has come of a segment that breaks off is recorded.
    body.on('error', () => response.end());
    response.on('close', () => body.destroy());
    body.pipe(response);
  };
  const bodyOf = async (resource: Resource): Promise<Buffer | undefined> => {
    const body = await hls.fetch(resource);
    return body === undefined ? undefined : buffer(limited(body, MOST_SHARED_BYTES));
  };
  const deliverShared = async (number: number, response: ServerResponse): Promise<void> => {
    const resource = shared.find(number);
    const asked = bodies.get(number) ?? (resource === undefined ? undefined : bodyOf(resource));
    if (asked !== undefined) bodies.set(number, asked);
    for (const oldest of [...bodies.keys()].slice(0, -KEPT_BODIES)) bodies.delete(oldest);
    const body = await asked?.catch(() => undefined);
    if (body === undefined) bodies.delete(number);
    if (body === undefined) notFound(response);
    else response.end(body);
  };
  const deliverPlaylist = async (name: string, track: Track, response: ServerResponse): Promise<void> => {
    await track.news();
    answer(response, localPlaylist(name, track.entries(), track.ended(), shared.nameOf));
  };
  const serve = async (path: string, response: ServerResponse): Promise<void> => {
    const [, name = '', number, extension] =
      /^\/(index|video|audio|shared)(?:-(\d+))?\.(\w+)$/.exec(path) ?? [];
    if (name === 'index' && hls.tracks.has('audio')) return answer(response, localMultivariant());
    const track = hls.tracks.get(name === 'index' ? 'video' : name);
    if (extension === 'm3u8' && track !== undefined)
      return deliverPlaylist(name === 'index' ? 'video' : name, track, response);
    if (name === 'shared') return deliverShared(Number(number), response);
    const resource = track?.take(Number(number));
    return resource === undefined ? notFound(response) : deliver(resource, response);
  };

  const server = createServer((request, response) => {
    clearTimeout(unused);
    const { url = '' } = request;
    if (!url.startsWith(`/${token}/`)) return notFound(response);
    serve(url.slice(token.length + 1), response).catch(() => response.destroy());
  });
  let lingering: NodeJS.Timeout | undefined;
  const release = (): void => {
    clearTimeout(lingering);
    server.close();
    server.closeAllConnections();
  };
  const close = (): void => {
    if (closing) {
      release();
      return;
    }
    closing = true;
    clearTimeout(unused);
    for (const track of hls.tracks.values()) track.end();
    hls.close();
    // ffmpeg has yet to be told that the playlist has ended.
    lingering = setTimeout(release, GRACE_MS);
  };
  const unused = setTimeout(close, GRACE_MS);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  const tracks = [...hls.tracks.values()];
  return {
    url: new URL(`http://127.0.0.1:${port}/${token}/index.m3u8`),
    port,
    bytesRead: () => bytesRead,
    endedBySource: () => tracks.some((track) => track.endedBySource()),
    isPausing: () => !closing && tracks.every((track) => track.isPausing()),
    finish: async () => {
      for (const track of tracks) track.finish();
      await Promise.all(tracks.map((track) => track.over));
    },
    close,
  };
};
