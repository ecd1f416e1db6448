import type { Key, Resource, Segment } from './playlist.ts';
import type { Entry } from './track.ts';

/** Gives a thing that segments share, such as a key, the name under which ffmpeg asks for it: always the same one. */
export type NameOf = (resource: Resource, extension: string) => string;

const EXTENSIONS = ['ts', 'aac', 'mp3', 'ac3', 'ec3', 'mp4', 'm4s', 'm4a', 'm4v'];

/** ffmpeg looks at the extension; servers do not always have one. */
const extensionOf = ({ url, map }: Segment): string => {
  const extension = url.pathname.split('.').at(-1)?.toLowerCase() ?? '';
  if (EXTENSIONS.includes(extension)) return extension;
  return map === undefined ? 'ts' : 'm4s';
};

const keyLine = (key: Key | undefined, sequence: number, nameOf: NameOf): string => {
  if (key === undefined) return '#EXT-X-KEY:METHOD=NONE';
  // By default it is the segment's number, and ours is another one.
  const iv = key.iv ?? `0x${sequence.toString(16).padStart(32, '0')}`;
  return `#EXT-X-KEY:METHOD=AES-128,URI="${nameOf(key, 'key')}",IV=${iv}`;
};

/** What must stand before a segment: only what is not so already, as ffmpeg would fetch a map again. */
const linesBefore = (segment: Segment, before: Segment | undefined, nameOf: NameOf): string[] => {
  const { map, key, sequence, discontinuity } = segment;
  const lines = discontinuity ? ['#EXT-X-DISCONTINUITY'] : [];
  if (map !== undefined && (before?.map === undefined || nameOf(map, 'mp4') !== nameOf(before.map, 'mp4'))) {
    lines.push(keyLine(map.key, sequence, nameOf), `#EXT-X-MAP:URI="${nameOf(map, 'mp4')}"`);
  }
  lines.push(keyLine(key, sequence, nameOf));
  return lines;
};

/**
 * A playlist for ffmpeg, written anew from what was understood of the source's. ffmpeg looks at it again after the
 * duration of the last segment, which is therefore told as almost none: the answer waits for what is new.
 */
export const localPlaylist = (
  track: string,
  entries: readonly Entry[],
  ended: boolean,
  nameOf: NameOf,
): string =>
  [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    '#EXT-X-TARGETDURATION:1',
    `#EXT-X-MEDIA-SEQUENCE:${entries[0]?.number ?? 0}`,
    ...entries.flatMap(({ number, segment }, index) => [
      ...linesBefore(segment, entries[index - 1]?.segment, nameOf),
      '#EXTINF:0.1,',
      `${track}-${number}.${extensionOf(segment)}`,
    ]),
    ...(ended ? ['#EXT-X-ENDLIST'] : []),
    '',
  ].join('\n');

/** For sound that has a playlist of its own. */
export const localMultivariant = (): string =>
  [
    '#EXTM3U',
    '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="sound",DEFAULT=YES,URI="audio.m3u8"',
    '#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO="sound"',
    'video.m3u8',
    '',
  ].join('\n');
