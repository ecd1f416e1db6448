import { segmentPrefix } from '../../shared/closing/hls-journal.ts';
import { URL_LIFETIME_SECONDS } from '../../shared/constants.ts';
import { parsePlaylist } from '../../shared/hls/parse-playlist.ts';
import { renderPlaylist, segmentKey } from '../../shared/hls/playlist.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { notFound } from '../../shared/problems/problems.ts';
import { SEGMENT_CONTENT_TYPE } from '../../shared/storage/content-types.ts';
import type { ObjectStore } from '../../shared/storage/object-store.ts';

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

/**
 * A stored playlist with every segment's URL signed.
 * @throws Problem when there is none yet, or it is damaged
 */
export const signedPlaylist = async (store: ObjectStore, key: string): Promise<string> => {
  const object = await store.get(key);
  if (object === undefined) throw notFound('The playlist has not been written yet.');
  const playlist = parsePlaylist(object.body.toString());
  if (playlist === undefined) throw damaged();
  const segments = playlist.segments.map(async (segment) => ({
    ...segment,
    uri: await store.presign(keyOf(key, segment.uri), {
      expiresInSeconds: URL_LIFETIME_SECONDS,
      contentType: SEGMENT_CONTENT_TYPE,
    }),
  }));
  return renderPlaylist({ ...playlist, segments: await Promise.all(segments) });
};
