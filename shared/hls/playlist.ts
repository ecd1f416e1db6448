/** One segment of a media playlist. */
export interface Segment {
  /** As it stands in the playlist: relative and percent-encoded (`segmentUri`), or a whole URL. */
  readonly uri: string;
  /** Rounded to microseconds in the playlist. */
  readonly durationSeconds: number;
  /** When the segment was live, RFC 3339. */
  readonly programDateTime?: string;
  /** Time stamps or codec settings do not go on from the segment before. */
  readonly discontinuity?: true;
}

/** A media playlist that only ever grows at its end. */
export interface Playlist {
  /** Whole seconds; a longer segment raises it when the playlist is rendered. */
  readonly targetDuration: number;
  readonly segments: readonly Segment[];
  /** No segment will follow. */
  readonly ended: boolean;
}

/** The URI of an object relative to the playlist. Object keys may hold `%`, which must not be read as an escape. */
export const segmentUri = (relativeKey: string): string =>
  relativeKey.split('/').map(encodeURIComponent).join('/');

/** The key relative to the playlist that `segmentUri` was given; undefined for any URI that leads elsewhere. */
export const segmentKey = (uri: string): string | undefined => {
  try {
    const key = uri.split('/').map(decodeURIComponent).join('/');
    const leadsBelow = !key.split('/').some((part) => part === '' || part === '.' || part === '..');
    return leadsBelow && segmentUri(key) === uri ? key : undefined;
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
};

const segmentLines = (segment: Segment): string[] => [
  ...(segment.discontinuity ? ['#EXT-X-DISCONTINUITY'] : []),
  ...(segment.programDateTime === undefined ? [] : [`#EXT-X-PROGRAM-DATE-TIME:${segment.programDateTime}`]),
  `#EXTINF:${segment.durationSeconds.toFixed(6)},`,
  segment.uri,
];

/**
 * The playlist as text. Version 3, for fractional durations; it stays of type EVENT when it ends,
 * because RFC 8216 lets a server only append to a playlist that players have read.
 */
export const renderPlaylist = ({ targetDuration, segments, ended }: Playlist): string => {
  // RFC 8216, 4.3.3.1: no segment's rounded duration may exceed the target.
  const target = segments.reduce(
    (most, segment) => Math.max(most, Math.round(segment.durationSeconds)),
    targetDuration,
  );
  const lines = [
    '#EXTM3U',
    '#EXT-X-VERSION:3',
    `#EXT-X-TARGETDURATION:${target}`,
    '#EXT-X-MEDIA-SEQUENCE:0',
    '#EXT-X-PLAYLIST-TYPE:EVENT',
    ...segments.flatMap(segmentLines),
    ...(ended ? ['#EXT-X-ENDLIST'] : []),
  ];
  return `${lines.join('\n')}\n`;
};
