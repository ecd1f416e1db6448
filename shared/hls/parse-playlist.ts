import type { Playlist, Segment } from './playlist.ts';

const TARGET = /^#EXT-X-TARGETDURATION:(\d{1,9})$/;
const DURATION = /^#EXTINF:(\d{1,9}(?:\.\d{1,9})?),/;
const DATE_TIME = /^#EXT-X-PROGRAM-DATE-TIME:(\S+)$/;

/**
 * Reads what `renderPlaylist` wrote; tags that it does not write are passed over.
 * Undefined when the text is no media playlist, or is cut off inside a segment's lines.
 */
export const parsePlaylist = (text: string): Playlist | undefined => {
  const [first, ...lines] = text.split(/\r?\n/);
  if (first !== '#EXTM3U') return undefined;
  const segments: Segment[] = [];
  let targetDuration: number | undefined;
  let ended = false;
  let pending: Partial<Segment> = {};
  for (const line of lines) {
    const [, target] = TARGET.exec(line) ?? [];
    const [, duration] = DURATION.exec(line) ?? [];
    const [, programDateTime] = DATE_TIME.exec(line) ?? [];
    if (target !== undefined) targetDuration = Number(target);
    else if (duration !== undefined) pending = { ...pending, durationSeconds: Number(duration) };
    else if (programDateTime !== undefined) pending = { ...pending, programDateTime };
    else if (line === '#EXT-X-DISCONTINUITY') pending = { ...pending, discontinuity: true };
    else if (line === '#EXT-X-ENDLIST') ended = true;
    else if (line !== '' && !line.startsWith('#')) {
      if (pending.durationSeconds === undefined) return undefined;
      segments.push({ ...pending, durationSeconds: pending.durationSeconds, uri: line });
      pending = {};
    }
  }
  if (targetDuration === undefined || Object.keys(pending).length > 0) return undefined;
  return { targetDuration, segments, ended };
};
