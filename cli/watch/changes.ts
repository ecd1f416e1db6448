import { isDeepStrictEqual } from 'node:util';
import type { Schemas } from '../../client/index.ts';
import { keyText } from '../resources/common.ts';
import { lineOf, rowsOf } from './rows.ts';

type Stream = Schemas['Stream'];

/** Streams by what names them. */
export type Seen = ReadonlyMap<string, Stream>;

export const seenOf = (streams: readonly Stream[]): Seen =>
  new Map(streams.map((stream) => [keyText(stream), stream]));

/** Streams that are new or not as they were. */
export const changedStreams = (before: Seen, streams: readonly Stream[]): Stream[] =>
  streams.filter((stream) => !isDeepStrictEqual(before.get(keyText(stream)), stream));

/** Streams that are not live any more. */
export const goneStreams = (before: Seen, streams: readonly Stream[]): Stream[] => {
  const live = new Set(streams.map(keyText));
  return [...before.values()].filter((stream) => !live.has(keyText(stream)));
};

/** What people are told of the difference: a line for each recording whose state, media or storage is another one. */
export const changeLines = (before: Seen, streams: readonly Stream[], now: Date): string[] => {
  const told = new Set(rowsOf([...before.values()], now).map(lineOf));
  const lines = rowsOf(streams, now).map(lineOf);
  const gone = goneStreams(before, streams).map((stream) => `${keyText(stream)}  ended`);
  return [...lines.filter((line) => !told.has(line)), ...gone];
};
