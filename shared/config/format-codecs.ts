import { FORMATS, type Format } from '../schemas/names.ts';
import type { Formats } from '../schemas/template.ts';
import { AUDIO_CODECS, type TranscodeInput, VIDEO_CODECS } from '../schemas/transcode.ts';

interface Codecs {
  readonly video: readonly string[];
  readonly audio: readonly string[];
}

/**
 * What each format can hold so that it can be played, as ffmpeg 5.1 writes it. It does put AV1 and Opus into MPEG-TS,
 * but AV1 as data that nobody knows, and Opus in a way that no player of HLS reads.
 */
const HELD: Readonly<Record<Format, Codecs>> = {
  hls: { video: ['h264', 'hevc'], audio: ['aac'] },
  mp4: { video: VIDEO_CODECS, audio: AUDIO_CODECS },
  flv: { video: ['h264'], audio: ['aac'] },
  // Of the picture it takes none.
  aac: { video: VIDEO_CODECS, audio: ['aac'] },
};

/** Whether a format takes what is encoded as this: of the picture `aac` takes none. */
export const holdsCodec = (format: Format, codec: string): boolean =>
  HELD[format].video.includes(codec) || HELD[format].audio.includes(codec);

/** A format that cannot hold a codec. */
export interface Misfit {
  readonly format: Format;
  readonly codec: string;
}

/** Which of the formats cannot hold what a transcode template makes. */
export const misfitsOf = (
  formats: Formats,
  { video, audio }: Pick<TranscodeInput, 'video' | 'audio'>,
): Misfit[] =>
  FORMATS.filter((format) => formats[format] !== undefined).flatMap((format) => [
    ...(video === undefined || holdsCodec(format, video.codec) ? [] : [{ format, codec: video.codec }]),
    ...(holdsCodec(format, audio.codec) ? [] : [{ format, codec: audio.codec }]),
  ]);

/** Such as `cannot hold av1; it takes h264, hevc and aac`. */
export const misfitText = ({ format, codec }: Misfit): string => {
  const { video, audio } = HELD[format];
  const taken = format === 'aac' ? audio : [...video, ...audio];
  const last = taken.at(-1);
  const list = taken.length === 1 ? last : `${taken.slice(0, -1).join(', ')} and ${last}`;
  return `cannot hold ${codec}; it takes ${list}`;
};
