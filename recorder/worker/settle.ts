import { playlistSeconds, uriInPlaylist } from '../../shared/closing/hls-journal.ts';
import { parsePlaylist } from '../../shared/hls/parse-playlist.ts';
import { besideOutput, type ListedFormat } from '../../shared/post-processing/outputs.ts';
import type { Artifact } from '../../shared/schemas/post-processing.ts';
import type { ObjectStore } from '../../shared/storage/object-store.ts';

/** What an object says that lists others. */
export interface List {
  /** Relative to itself. */
  readonly uris: readonly string[];
  readonly durationSeconds: number;
}

const listOfSegments = (text: string): List | undefined => {
  const playlist = parsePlaylist(text);
  if (playlist === undefined) return undefined;
  return { uris: playlist.segments.map(({ uri }) => uri), durationSeconds: playlistSeconds(playlist) };
};

const CUE = /^\S+ --> (\d+):(\d\d):(\d\d\.\d{3})\n(\S+)$/gm;

const listOfPictures = (text: string): List => {
  const cues = [...text.matchAll(CUE)].map(([, hours, minutes, seconds, uri = '']) => ({
    uri,
    endSeconds: Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds),
  }));
  return { uris: cues.map(({ uri }) => uri), durationSeconds: cues.at(-1)?.endSeconds ?? 0 };
};

/** Reads what a step has written as its list; undefined when it is none. Pure. */
export const listIn = (format: ListedFormat, body: Buffer): List | undefined =>
  format === 'hls' ? listOfSegments(body.toString()) : listOfPictures(body.toString());

/**
 * An output as its list has it. Objects that it does not list are of tries that did not come to their end, and are removed.
 * @returns undefined when there is no list, or not all that it lists
 */
export const settle = async (
  store: Pick<ObjectStore, 'get' | 'list' | 'deleteMany'>,
  format: ListedFormat,
  key: string,
): Promise<Artifact | undefined> => {
  const stored = await store.get(key);
  const list = stored && listIn(format, stored.body);
  if (stored === undefined || list === undefined) return undefined;
  const listed = new Set(list.uris);
  const objects = await besideOutput(store, format, key);
  const isListed = (object: { readonly key: string }): boolean => listed.has(uriInPlaylist(key, object.key));
  const kept = objects.filter(isListed);
  if (kept.length < listed.size) return undefined;
  await store.deleteMany(objects.filter((one) => !isListed(one)).map((one) => one.key));
  return {
    ...{ format, key, objects: kept.length + 1 },
    sizeBytes: kept.reduce((sum, { size }) => sum + size, stored.body.length),
    durationSeconds: list.durationSeconds,
  };
};
