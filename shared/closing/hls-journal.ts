import { parsePlaylist } from '../hls/parse-playlist.ts';
import { type Playlist, type Segment, segmentUri } from '../hls/playlist.ts';
import type { ObjectStore } from '../storage/object-store.ts';

/** Where the segments of a playlist are: `{path}.m3u8` lists what is under `{path}/`. */
export const segmentPrefix = (playlistKey: string): string => playlistKey.replace(/\.m3u8$/, '/');

/** The object of one segment: numbers of the capture and of the segment in it. They sort by time. */
export const segmentKey = (playlistKey: string, capture: number, sequence: number): string => {
  const name = `${String(capture).padStart(4, '0')}-${String(sequence).padStart(6, '0')}.ts`;
  return segmentPrefix(playlistKey) + name;
};

const SEGMENT_NAME = /^(\d{4,})-(\d{6,})\.ts$/;

interface Position {
  readonly capture: number;
  readonly sequence: number;
}

/** Where a segment stands in its playlist. What is not named like one stands before all. */
const positionOf = (name: string): Position => {
  const [, capture = '-1', sequence = '-1'] = SEGMENT_NAME.exec(name) ?? [];
  return { capture: Number(capture), sequence: Number(sequence) };
};

export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The order of segments, by their names, keys or URIs: by capture, then by number. */
export const inOrder = (one: string, other: string): number => {
  const [a, b] = [positionOf(nameOf(one)), positionOf(nameOf(other))];
  return a.capture - b.capture || a.sequence - b.sequence;
};

/** Whether the media of a segment go on from the one before it, as far as their names say. */
export const follows = (before: string, name: string): boolean => {
  const [a, b] = [positionOf(before), positionOf(name)];
  return a.capture === b.capture && b.sequence === a.sequence + 1;
};

/**
 * Whether an object is a segment of this playlist. Other recordings may have their objects under the same prefix:
 * one person's path is another one's folder.
 */
export const isSegmentOf = (playlistKey: string, objectKey: string): boolean => {
  const prefix = segmentPrefix(playlistKey);
  return objectKey.startsWith(prefix) && SEGMENT_NAME.test(objectKey.slice(prefix.length));
};

const folderOf = (playlistKey: string): string => playlistKey.slice(0, playlistKey.lastIndexOf('/') + 1);

/** The URI of an object in a playlist that stands beside the segments' folder. */
export const uriInPlaylist = (playlistKey: string, objectKey: string): string =>
  segmentUri(objectKey.slice(folderOf(playlistKey).length));

/**
 * User metadata of a segment object: enough to list it without having written the playlist.
 * So a segment that is in the bucket is never lost to the playlist, however its recorder ended.
 */
export const segmentMetadata = (segment: Omit<Segment, 'uri'>): Record<string, string> => ({
  'duration-seconds': String(segment.durationSeconds),
  ...(segment.programDateTime === undefined ? {} : { 'program-date-time': segment.programDateTime }),
  ...(segment.discontinuity === true ? { discontinuity: 'true' } : {}),
});

export const segmentOf = (uri: string, metadata: Record<string, string>): Segment | undefined => {
  const durationSeconds = Number(metadata['duration-seconds']);
  if (!(durationSeconds > 0)) return undefined;
  const programDateTime = metadata['program-date-time'];
  return {
    uri,
    durationSeconds,
    ...(programDateTime === undefined ? {} : { programDateTime }),
    ...(metadata.discontinuity === 'true' ? { discontinuity: true } : {}),
  };
};

export interface HlsState {
  readonly playlist: Playlist;
  /** Of the stored playlist; undefined when none has been written yet. */
  readonly etag: string | undefined;
  /** Bytes of all listed segments. */
  readonly sizeBytes: number;
}

const EMPTY: Playlist = { targetDuration: 0, segments: [], ended: false };

/** The playlist that a storage has; a playlist that cannot be read is rebuilt from its segments. */
export const readPlaylist = async (store: ObjectStore, key: string) => {
  const stored = await store.get(key);
  const playlist = stored === undefined ? undefined : parsePlaylist(stored.body.toString());
  return { stored, playlist: playlist ?? EMPTY };
};

/** An HLS file as the bucket has it: its playlist, and every segment that is stored but not listed yet, in order. */
export const loadHls = async (store: ObjectStore, playlistKey: string): Promise<HlsState> => {
  const { stored, playlist } = await readPlaylist(store, playlistKey);
  const listed = new Set(playlist.segments.map(({ uri }) => uri));
  const objects = await store.list(segmentPrefix(playlistKey));
  const missing: Segment[] = [];
  let sizeBytes = 0;
  for (const { key, size } of objects) {
    if (!isSegmentOf(playlistKey, key)) continue;
    const uri = uriInPlaylist(playlistKey, key);
    if (!listed.has(uri)) {
      const head = await store.head(key);
      const segment = head === undefined ? undefined : segmentOf(uri, head.metadata);
      if (segment === undefined) continue;
      missing.push(segment);
    }
    sizeBytes += size;
  }
  // A segment may be missing in the middle: the one after it may have been listed by another capture.
  const segments = [...playlist.segments, ...missing].sort((one, other) => inOrder(one.uri, other.uri));
  return { playlist: { ...playlist, segments }, etag: stored?.etag, sizeBytes };
};

export const playlistSeconds = ({ segments }: Pick<Playlist, 'segments'>): number =>
  segments.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0);
