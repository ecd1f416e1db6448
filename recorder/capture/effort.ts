import type { Media } from '../../shared/schemas/recording.ts';
import type { VideoEncoding } from '../../shared/schemas/transcode.ts';
import { FALLBACK_FRAME_RATE } from './frame-rate.ts';

type Codec = VideoEncoding['codec'];

/**
 * How much an encoder may take its time over a picture, from what is usual to the least there is: x264's and x265's presets
 * by name, SVT-AV1's by number. Each is fast enough for live streams on a share of a core that `weight.ts` states.
 */
const PRESETS: Readonly<Record<Codec, { readonly usual: string; readonly fastest: string }>> = {
  h264: { usual: 'veryfast', fastest: 'ultrafast' },
  hevc: { usual: 'superfast', fastest: 'ultrafast' },
  av1: { usual: '10', fastest: '12' },
};

/** Steps that are taken one after the other when this machine cannot encode as fast as the stream comes. */
const LESS = ['fastest', 'half-rate', 'half-size', 'none'] as const;
export type LessEffort = (typeof LESS)[number];
export const EFFORTS = ['usual', ...LESS] as const;
export type Effort = (typeof EFFORTS)[number];

/** In plain words, what a recording is that was given less. */
export const EFFORT_TEXTS: Readonly<Record<LessEffort, string>> = {
  fastest: 'It is encoded in the fastest way.',
  'half-rate': 'It is encoded with half as many pictures a second.',
  'half-size': 'It is encoded with half as many pictures a second, and half as high.',
  none: 'The original is recorded instead.',
};

/** The next cheaper one; undefined when it is the cheapest. */
export const cheaper = (effort: Effort): LessEffort | undefined => LESS[EFFORTS.indexOf(effort)];

export const presetOf = (codec: Codec, effort: Effort): string =>
  PRESETS[codec][effort === 'usual' ? 'usual' : 'fastest'];

const HALF_RATE: readonly Effort[] = ['half-rate', 'half-size'];

/** What is asked of the picture at most, with this effort. Pure. */
export const spare = <Video extends VideoEncoding & { readonly height: number }>(
  video: Video,
  { framesPerSecond: source = FALLBACK_FRAME_RATE }: Media,
  effort: Effort,
): Video => ({
  ...video,
  ...(HALF_RATE.includes(effort)
    ? { framesPerSecond: Math.min(source, video.framesPerSecond ?? source) / 2 }
    : {}),
  ...(effort === 'half-size' ? { height: video.height / 2 } : {}),
});
