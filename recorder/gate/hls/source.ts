import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import type { AddressPolicy } from '../../../shared/net/address-policy.ts';
import { keepConnections, StatusError, vettedGet } from '../vetted-get.ts';
import { bestVariant, type HlsMemory } from './choose.ts';
import { limited } from './limited.ts';
import { type HlsPlaylist, type MediaPlaylist, PlaylistError, parseHls, type Resource } from './playlist.ts';
import { followPlaylist, type Track } from './track.ts';

const MOST_PLAYLIST_BYTES = 4 * 1024 * 1024;
const TRIES = 3;
const FIRST_PAUSE_MS = 200;
/** A body that stands still for so long is given up. */
const IDLE_MS = 8000;
/** A playlist, redirects and all, must be there by then: nothing else watches over the first ones. */
const LOOK_MS = 15_000;

export interface HlsOptions {
  readonly policy: AddressPolicy;
  /** Seconds since the session began; undefined when its beginning is no business of this capture. */
  readonly age: number | undefined;
  /** By track; goes from one capture of a source to the next. */
  readonly memories: Map<string, HlsMemory>;
}

/** A live HLS stream: its playlists are followed, and whatever they name is fetched, from vetted addresses only. */
export interface HlsSource {
  /** `video`, and `audio` where the sound has a playlist of its own. */
  readonly tracks: ReadonlyMap<string, Track>;
  /** Undefined when it cannot be had. */
  fetch(resource: Resource): Promise<IncomingMessage | undefined>;
  /** Whatever is still under way is cut off. */
  close(): void;
}

const rangeHeader = ({ range }: Resource) =>
  range === undefined ? {} : { range: `bytes=${range.start}-${range.start + range.length - 1}` };

/** @throws PlaylistError, AddressRefusedError, StatusError, or whatever the network says */
export const openHls = async (url: URL, { policy, age, memories }: HlsOptions): Promise<HlsSource> => {
  const connections = keepConnections();
  const cut = new AbortController();
  const shared = { policy, connections, signal: cut.signal };

  const look = async (where: URL): Promise<HlsPlaylist> => {
    const signal = AbortSignal.any([cut.signal, AbortSignal.timeout(LOOK_MS)]);
    const got = await vettedGet(where, { ...shared, signal });
    got.response.setTimeout(IDLE_MS, () => got.response.destroy(new Error('The source stopped answering.')));
    return parseHls(await text(limited(got.response, MOST_PLAYLIST_BYTES)), got.url);
  };
  const lookAtMedia = async (where: URL): Promise<MediaPlaylist> => {
    const playlist = await look(where);
    if (playlist.type === 'media') return playlist;
    throw new PlaylistError('A rendition is no media playlist.');
  };
  const follow = (name: string, where: URL, first: MediaPlaylist): Track => {
    if (first.segments.length === 0 && !first.ended) throw new Error('The playlist has no segments yet.');
    const memory = memories.get(name) ?? { seen: new Set() };
    memories.set(name, memory);
    const again = () =>
      lookAtMedia(where).catch((error: unknown) => {
        if (error instanceof StatusError && (error.status === 404 || error.status === 410)) return undefined;
        throw error;
      });
    return followPlaylist(first, { age, memory, look: again });
  };
  const close = (): void => {
    cut.abort();
    connections.close();
  };

  const tracks = new Map<string, Track>();
  try {
    const first = await look(url);
    if (first.type === 'media') {
      tracks.set('video', follow('video', url, first));
    } else {
      const { url: video, audio } = bestVariant(first.variants);
      const found = await Promise.all([video, audio].map((where) => where && lookAtMedia(where)));
      if (found[0] !== undefined) tracks.set('video', follow('video', video, found[0]));
      if (audio !== undefined && found[1] !== undefined)
        tracks.set('audio', follow('audio', audio, found[1]));
    }
  } catch (error) {
    for (const track of tracks.values()) track.end();
    close();
    throw error;
  }

  const fetch = async (resource: Resource): Promise<IncomingMessage | undefined> => {
    const options = {
      ...shared,
      headers: rangeHeader(resource),
      status: resource.range === undefined ? 200 : 206,
    };
    for (let tries = 1; ; tries += 1) {
      try {
        const { response } = await vettedGet(resource.url, options);
        return response.setTimeout(IDLE_MS, () => response.destroy());
      } catch {
        if (tries === TRIES || cut.signal.aborted) return undefined;
        await wait(FIRST_PAUSE_MS * tries);
      }
    }
  };
  return { tracks, fetch, close };
};
