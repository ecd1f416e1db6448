import { PlaylistError, type Segment, type Variant } from './playlist.ts';

/** The best of several renditions. */
export const bestVariant = (variants: readonly Variant[]): Variant => {
  const [best] = variants.toSorted((one, other) => other.bandwidth - one.bandwidth);
  if (best === undefined) throw new PlaylistError('The playlist names no stream.');
  return best;
};

/** How far back a recording begins at least, as players do. */
const EDGE_SEGMENTS = 3;
/** Servers tell of a stream when it can be played: its first segments are a little older than the session. */
const LEAD_SECONDS = 10;

/**
 * The segments of a playlist's first look that belong to a session: those made since it began, and never those of the
 * session before it, which end at a discontinuity.
 * @param age seconds since the session began; undefined when the session's beginning is no business of this capture
 */
export const sessionSegments = (
  segments: readonly Segment[],
  age: number | undefined,
): readonly Segment[] => {
  const enoughSeconds = age === undefined ? 0 : age + LEAD_SECONDS;
  let first = segments.length;
  let seconds = 0;
  while (first > 0) {
    const isEnough = segments.length - first >= EDGE_SEGMENTS && seconds >= enoughSeconds;
    if (isEnough || segments[first]?.discontinuity) break;
    first -= 1;
    seconds += segments[first]?.seconds ?? 0;
  }
  return segments.slice(first);
};

/** How far a source has been recorded, from one capture to the next. */
export interface HlsMemory {
  /** Number of the last segment that was taken. */
  taken?: number;
  /** Paths of the segments that were on the list lately. */
  readonly seen: Set<string>;
}

/**
 * The segments that came after number `last`. Caches may show an older playlist again, which has none; a server that
 * begins anew counts from a lower number, and has them all.
 */
export const segmentsAfter = (
  segments: readonly Segment[],
  last: number,
  seen: ReadonlySet<string>,
): readonly Segment[] => {
  const newest = segments.at(-1);
  if (newest === undefined) return [];
  const beganAnew = newest.sequence < last && !seen.has(newest.url.pathname);
  return beganAnew ? segments : segments.filter(({ sequence }) => sequence > last);
};
