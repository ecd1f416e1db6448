import type { Media, Recording } from '../../shared/schemas/recording.ts';
import type { VideoEncoding } from '../../shared/schemas/transcode.ts';

/** A copied recording takes one slot: a twentieth of a core, of which it needs a third. */
const SLOTS_PER_CORE = 20;

/**
 * Share of a core that a million pixels a second take, measured as CPU time of ffmpeg 5.1 for 8 s of 1280×720 at 25 frames a
 * second with noise on an x86-64 core of 2023 (of 1920×1080 it is a quarter less): decoding 0.16 of a core; encoding besides
 * 0.74 with x264 `veryfast`, 1.43 with x265 `superfast`, 1.75 with SVT-AV1 preset 10.
 */
const DECODING = 0.16 / 23.04;
const ENCODING: Readonly<Record<VideoEncoding['codec'], number>> = {
  h264: 0.74 / 23.04,
  hevc: 1.43 / 23.04,
  av1: 1.75 / 23.04,
};

/** Of a source that nobody has seen yet. */
const USUAL = { width: 1920, height: 1080, framesPerSecond: 25 };
const SOUND_SLOTS = 1;

const megapixels = (width: number, height: number, framesPerSecond: number): number =>
  (width * height * framesPerSecond) / 1e6;

/** Slots that a recording takes. Pure. @param media of its source, as far as they are known */
export const weightOf = (
  { encoding, standby }: Pick<Recording['plan'], 'encoding' | 'standby'>,
  media: Media = {},
): number => {
  if (encoding === undefined) return 1;
  const {
    videoCodec,
    width = USUAL.width,
    height = USUAL.height,
    framesPerSecond = USUAL.framesPerSecond,
  } = media;
  // Files are made by another ffmpeg then, which only copies.
  const copies = standby === undefined ? 1 : 2;
  const sound = encoding.audio === undefined ? 0 : SOUND_SLOTS;
  const hasPicture = !encoding.audioOnly && (encoding.overlays.length > 0 || encoding.video !== undefined);
  if (!hasPicture) return copies + sound;
  const { video } = encoding;
  const codec = video?.codec ?? (videoCodec === 'hevc' ? 'hevc' : 'h264');
  const scale = Math.min(1, (video?.height ?? height) / height);
  const rate = Math.min(framesPerSecond, video?.framesPerSecond ?? framesPerSecond);
  const cores =
    megapixels(width, height, framesPerSecond) * DECODING +
    megapixels(width * scale, height * scale, rate) * ENCODING[codec];
  return copies + sound + Math.ceil(cores * SLOTS_PER_CORE);
};
