/** A span of time of one task; the end is not part of it. RFC 3339. */
export interface Span {
  readonly startTime: string;
  readonly endTime: string;
}

/** How many of `spans` there are at most at any one moment of `span`. */
export const mostAtOnce = (spans: readonly Span[], span: Span): number => {
  const touching = spans.filter(
    ({ startTime, endTime }) => startTime < span.endTime && endTime > span.startTime,
  );
  // The number rises only where one begins.
  const moments = [span, ...touching].map(({ startTime }) => startTime).filter((at) => at >= span.startTime);
  const counts = moments.map(
    (at) => touching.filter(({ startTime, endTime }) => startTime <= at && endTime > at).length,
  );
  return Math.max(...counts);
};
