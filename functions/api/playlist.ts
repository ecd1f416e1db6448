import { inOrder, segmentPrefix } from '../../shared/closing/hls-journal.ts';
import { URL_LIFETIME_SECONDS } from '../../shared/constants.ts';
import { parsePlaylist } from '../../shared/hls/parse-playlist.ts';
import { type Playlist, renderPlaylist, type Segment, segmentKey } from '../../shared/hls/playlist.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { notFound } from '../../shared/problems/problems.ts';
import { SEGMENT_CONTENT_TYPE } from '../../shared/storage/content-types.ts';
import { type ObjectStore, StorageError } from '../../shared/storage/object-store.ts';

/** A storage that has segments of a file, and the key of the playlist that lists them there. */
export interface PlaylistPlace {
  readonly store: ObjectStore;
  readonly key: string;
}

/** A player waits for the answer; what one storage of several does not say by then, it does not say. */
const PATIENCE_MS = 3000;

const damaged = () => new Problem(502, 'playlist-damaged', 'The playlist in the storage cannot be read.');

/**
 * The key of a segment that a playlist names. The bucket is not ours alone: a playlist that somebody has changed
 * must not make us sign what lies elsewhere in it.
 */
const keyOf = (playlistKey: string, uri: string): string => {
  const relative = segmentKey(uri);
  const key = `${playlistKey.slice(0, playlistKey.lastIndexOf('/') + 1)}${relative}`;
  if (relative === undefined || !key.startsWith(segmentPrefix(playlistKey))) throw damaged();
  return key;
};

/** Undefined when none has been written there. */
const readPlaylist = async ({ store, key }: PlaylistPlace): Promise<Playlist | undefined> => {
  const object = await store.get(key);
  if (object === undefined) return undefined;
  const playlist = parsePlaylist(object.body.toString());
  if (playlist === undefined) throw damaged();
  return playlist;
};

interface FoundSegment {
  readonly name: string;
  readonly key: string;
  readonly segment: Segment;
  readonly store: ObjectStore;
}

const segmentsOf = ({ store, key: playlistKey }: PlaylistPlace, { segments }: Playlist): FoundSegment[] =>
  segments.map((segment) => {
    const key = keyOf(playlistKey, segment.uri);
    return { name: key.slice(segmentPrefix(playlistKey).length), key, segment, store };
  });

/** Each segment once, from the best of its places, in order. */
const merged = (found: readonly FoundSegment[]): FoundSegment[] => {
  const byName = new Map([...found].reverse().map((one) => [one.name, one]));
  return [...byName.values()].sort((one, other) => inOrder(one.name, other.name));
};

/**
 * A stored playlist with every segment's URL signed; of several storages, of which each lists what it has, all segments
 * of those that answer.
 * @param places best first
 * @param isOver whether no segment will follow; a single playlist says so itself
 * @throws Problem when there is none yet, or it is damaged; StorageError when no storage answers
 */
export const signedPlaylist = async (places: readonly PlaylistPlace[], isOver: boolean): Promise<string> => {
  const bounded = places.map(({ store, key }) => ({
    store: places.length === 1 ? store : store.within(AbortSignal.timeout(PATIENCE_MS)),
    key,
  }));
  const answers = await Promise.allSettled(bounded.map(readPlaylist));
  const read: { place: PlaylistPlace; playlist: Playlist }[] = [];
  for (const [index, answer] of answers.entries()) {
    const place = places[index];
    if (answer.status === 'fulfilled' && place !== undefined && answer.value !== undefined) {
      read.push({ place, playlist: answer.value });
    }
  }
  if (read.length === 0) {
    for (const answer of answers) if (answer.status === 'rejected') throw answer.reason;
    throw notFound('The playlist has not been written yet.');
  }
  for (const answer of answers) {
    if (answer.status === 'rejected' && !(answer.reason instanceof StorageError)) throw answer.reason;
  }
  const found = read.flatMap(({ place, playlist }) => segmentsOf(place, playlist));
  const segments = (places.length === 1 ? found : merged(found)).map(async ({ store, key, segment }) => ({
    ...segment,
    uri: await store.presign(key, {
      expiresInSeconds: URL_LIFETIME_SECONDS,
      contentType: SEGMENT_CONTENT_TYPE,
    }),
  }));
  return renderPlaylist({
    targetDuration: Math.max(...read.map(({ playlist }) => playlist.targetDuration)),
    segments: await Promise.all(segments),
    ended: places.length === 1 ? read.every(({ playlist }) => playlist.ended) : isOver,
  });
};
