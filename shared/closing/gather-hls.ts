import type { Segment } from '../hls/playlist.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import {
  follows,
  inOrder,
  isSegmentOf,
  nameOf,
  readPlaylist,
  segmentOf,
  segmentPrefix,
} from './hls-journal.ts';

/** One segment of a file, wherever it is. */
export interface FoundSegment<At> {
  readonly name: string;
  readonly about: Omit<Segment, 'uri'>;
  readonly size: number;
  /** Everywhere that it is stored. */
  readonly at: readonly At[];
}

export interface FoundPlaylist<At> {
  readonly at: At;
  readonly body: Buffer | undefined;
  readonly etag: string | undefined;
}

export interface FoundHls<At> {
  /** All that are stored anywhere, in order. */
  readonly segments: readonly FoundSegment<At>[];
  readonly playlists: readonly FoundPlaylist<At>[];
  readonly targetDuration: number;
}

const aboutOf = ({ uri: _, ...about }: Segment): Omit<Segment, 'uri'> => about;

/** What an object says of itself as a segment; undefined when it is none that can be played. */
const readAbout = async (store: ObjectStore, key: string): Promise<Omit<Segment, 'uri'> | undefined> => {
  const head = await store.head(key);
  const segment = head === undefined ? undefined : segmentOf('', head.metadata);
  return segment && aboutOf(segment);
};

const readPlace = async <At extends { readonly store: ObjectStore; readonly key: string }>(at: At) => {
  const [{ stored, playlist }, objects] = await Promise.all([
    readPlaylist(at.store, at.key),
    at.store.list(segmentPrefix(at.key)),
  ]);
  return { at, stored, playlist, objects };
};

/**
 * What several storages have of one HLS file. A segment that goes on from the one before it may have been listed behind
 * a gap, for the one before it was elsewhere: then what it says of itself counts.
 * @param ignores whether it is gathered without a storage that does not answer
 */
export const gatherHls = async <At extends { readonly store: ObjectStore; readonly key: string }>(
  places: readonly At[],
  ignores: (at: At, error: unknown) => boolean,
): Promise<FoundHls<At>> => {
  const found = new Map<string, { size: number; at: At[]; listed: Segment | undefined }>();
  const answers = await Promise.all(
    places.map((at) =>
      readPlace(at).catch((error: unknown) => {
        if (ignores(at, error)) return undefined;
        throw error;
      }),
    ),
  );
  const read = answers.filter((answer) => answer !== undefined);
  for (const { at, playlist, objects } of read) {
    const listed = new Map(playlist.segments.map((segment) => [nameOf(segment.uri), segment]));
    for (const { key, size } of objects) {
      if (!isSegmentOf(at.key, key)) continue;
      const name = nameOf(key);
      const before = found.get(name) ?? { size, at: [], listed: undefined };
      found.set(name, {
        size,
        at: [...before.at, at],
        listed: before.listed ?? listed.get(name),
      });
    }
  }
  const names = [...found.keys()].sort(inOrder);
  const segments: FoundSegment<At>[] = [];
  for (const name of names) {
    const { size, at, listed } = found.get(name) ?? { size: 0, at: [], listed: undefined };
    const [first] = at;
    if (first === undefined) continue;
    const previous = segments.at(-1)?.name;
    const mayBeDoubtful = listed?.discontinuity === true;
    const own =
      listed === undefined || mayBeDoubtful
        ? await readAbout(first.store, segmentPrefix(first.key) + name)
        : aboutOf(listed);
    if (own === undefined) continue;
    const isTorn = previous !== undefined && !follows(previous, name);
    segments.push({ name, size, at, about: isTorn ? { ...own, discontinuity: true } : own });
  }
  return {
    segments,
    playlists: read.map(({ at, stored }) => ({ at, body: stored?.body, etag: stored?.etag })),
    targetDuration: Math.max(0, ...read.map(({ playlist }) => playlist.targetDuration)),
  };
};
