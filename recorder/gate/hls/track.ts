import { setTimeout as wait } from 'node:timers/promises';
import { type HlsMemory, segmentsAfter, sessionSegments } from './choose.ts';
import type { MediaPlaylist, Segment } from './playlist.ts';

/** Between two looks at a playlist: half its target duration, as RFC 8216 wants it, within reason. */
const SHORTEST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 3000;
/** After the session's end: how often is looked, and how long for another last segment. */
const FINISH_PAUSE_MS = 500;
const FINISH_PATIENCE_MS = 3000;
/** Whatever comes later is not of the session that has ended. */
const LONGEST_FINISH_MS = 20_000;
/** A segment that is overdue by so many target durations is silence. */
const PATIENCE = 1.5;
const MOST_SEEN = 100;
/** Segments that ffmpeg has not asked for yet. Of more than that, the oldest go. */
const MOST_WAITING = 1000;
/** Segments that were taken stay on the list for a while, as on any server. */
const KEPT = 2;

/** A segment, under our own number: those of servers may begin anew. */
export interface Entry {
  readonly number: number;
  readonly segment: Segment;
}

/** One media playlist of the source, followed from the first look at it. */
export interface Track {
  entries(): readonly Entry[];
  /** Whether no more will come. */
  ended(): boolean;
  /** Whether it was the source that ended it. */
  endedBySource(): boolean;
  /** Settles when it has ended. */
  readonly over: Promise<void>;
  /** Settles when there is a segment that was not taken yet, or the end. */
  news(): Promise<void>;
  take(number: number): Segment | undefined;
  /** Whether the next segment is not due yet, so that silence means nothing. */
  isPausing(): boolean;
  /** Ends it when everything has come that still does. */
  finish(): void;
  end(): void;
}

export interface TrackOptions {
  /** Seconds since the session began; undefined when its beginning is no business of this capture. */
  readonly age: number | undefined;
  readonly memory: HlsMemory;
  /** Looks at the playlist again; undefined when it is gone. */
  look(): Promise<MediaPlaylist | undefined>;
}

export const followPlaylist = (first: MediaPlaylist, { age, memory, look }: TrackOptions): Track => {
  const { seen } = memory;
  const stopped = new AbortController();
  const hurried = new AbortController();
  let targetMs = 0;
  let entries: Entry[] = [];
  let count = 0;
  let last = memory.taken;
  let lastTaken = -1;
  let newsAt = performance.now();
  let isEnded = false;
  let isEndedBySource = false;
  let finishingSince = Number.POSITIVE_INFINITY;
  let change = Promise.withResolvers<void>();
  const over = Promise.withResolvers<void>();

  const announce = (): void => {
    change.resolve();
    change = Promise.withResolvers();
  };
  const end = (bySource = false): void => {
    if (isEnded) return;
    isEnded = true;
    isEndedBySource = bySource;
    stopped.abort();
    over.resolve();
    announce();
  };
  const takeIn = ({ targetSeconds, segments, ended }: MediaPlaylist): void => {
    targetMs = targetSeconds * 1000;
    const fresh = last === undefined ? sessionSegments(segments, age) : segmentsAfter(segments, last, seen);
    const added = fresh.map((segment, index) => ({ number: count + index, segment }));
    entries = [...entries, ...added].slice(-MOST_WAITING);
    count += added.length;
    last = fresh.at(-1)?.sequence ?? last;
    for (const { url } of fresh) seen.add(url.pathname);
    for (const path of [...seen].slice(0, -MOST_SEEN)) seen.delete(path);
    if (added.length > 0) {
      newsAt = performance.now();
      announce();
    }
    if (ended) end(true);
  };

  const pause = async (): Promise<void> => {
    const finishing = hurried.signal.aborted;
    const usual = Math.min(Math.max(targetMs / 2, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS);
    const signal = finishing ? stopped.signal : AbortSignal.any([stopped.signal, hurried.signal]);
    // Cut short, it rejects.
    await wait(finishing ? FINISH_PAUSE_MS : usual, undefined, { signal }).catch(() => undefined);
  };
  const isFinished = (): boolean => {
    const now = performance.now();
    const quiet = now - Math.max(newsAt, finishingSince);
    return quiet > FINISH_PATIENCE_MS || now - finishingSince > LONGEST_FINISH_MS;
  };
  const follow = async (): Promise<void> => {
    while (!isEnded) {
      await pause();
      if (isEnded) return;
      // It may well answer next time; a silence that lasts is noticed by who watches the capture.
      const seenNow = await look().catch((): 'failed' => 'failed');
      if (isEnded) return;
      const finishing = hurried.signal.aborted;
      if (seenNow === undefined && finishing) return end(true);
      if (seenNow !== undefined && seenNow !== 'failed') takeIn(seenNow);
      if (finishing && isFinished()) end();
    }
  };
  takeIn(first);
  void follow();

  return {
    entries: () => entries,
    ended: () => isEnded,
    endedBySource: () => isEndedBySource,
    over: over.promise,
    news: async () => {
      while (!isEnded && (entries.at(-1)?.number ?? -1) <= lastTaken) await change.promise;
    },
    take: (number) => {
      const found = entries.find((entry) => entry.number === number)?.segment;
      if (found !== undefined) memory.taken = found.sequence;
      lastTaken = Math.max(lastTaken, number);
      entries = entries.filter((entry) => entry.number >= lastTaken - KEPT);
      return found;
    },
    isPausing: () => !isEnded && performance.now() - newsAt < targetMs * PATIENCE,
    finish: () => {
      if (hurried.signal.aborted) return;
      finishingSince = performance.now();
      hurried.abort();
    },
    end: () => end(),
  };
};
