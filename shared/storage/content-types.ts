import type { Format } from '../schemas/names.ts';

export const CONTENT_TYPES: Record<Format, string> = {
  hls: 'application/vnd.apple.mpegurl',
  mp4: 'video/mp4',
  flv: 'video/x-flv',
  aac: 'audio/aac',
};

export const SEGMENT_CONTENT_TYPE = 'video/mp2t';

/** Extension of each format's object behind the rendered path. */
export const EXTENSIONS: Record<Format, string> = { hls: '.m3u8', mp4: '.mp4', flv: '.flv', aac: '.aac' };
