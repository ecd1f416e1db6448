import type { StandbyContent } from '../../shared/schemas/standby-content.ts';
import { MOST_IMAGE_PIXELS } from '../../shared/schemas/watermark.ts';
import type { Effort } from '../capture/effort.ts';
import { soundArgs, videoArgs } from '../capture/encoder-args.ts';
import { type Look, lookFilter } from '../capture/look.ts';
import type { ImageFile } from '../capture/maker-args.ts';
import { fitFilter, PICTURE } from '../capture/picture-filter.ts';
import { type EncodedVideo, frameRateOf, type Recipe } from '../capture/recipe.ts';

export interface ClipOptions {
  /** What the recording is encoded as, steadied. */
  readonly recipe: Recipe;
  readonly effort: Effort;
  readonly content: StandbyContent;
  readonly file: ImageFile;
}

/** Longest part of a video that is repeated. */
const MOST_SECONDS = 60;
const SILENCE_SECONDS = 2;
/** What is longer is cut: a minute at 6 Mbit/s, which waits in memory. */
export const MOST_CLIP_BYTES = 48 * 1024 * 1024;

/**
 * What a file says of itself was looked at when it came; what is in it may be something else. Only what it may hold is decoded,
 * and nothing greater than that may be; each further thread would take as much memory again.
 */
const inputArgs = ({ path, demuxer }: ImageFile): string[] => [
  ...['-max_pixels', String(MOST_IMAGE_PIXELS ** 2), '-threads', '1'],
  ...(demuxer === 'mov' ? ['-c:v', 'h264', '-c:a', 'aac'] : []),
  ...['-protocol_whitelist', 'file', '-f', demuxer, '-i', path],
];

/** From this height on pictures that do not say otherwise are taken for BT.709. */
const HIGH_DEFINITION = 720;

/** How the samples are to be computed that will be understood like this. */
const conversion = ({ space, range }: Look, height: number): string => {
  const usual = height >= HIGH_DEFINITION ? 'bt709' : 'bt601';
  const known: Readonly<Record<string, string>> = {
    ...{ bt709: 'bt709', bt470bg: 'bt601', smpte170m: 'bt601', smpte240m: 'smpte240m', fcc: 'fcc' },
    ...{ bt2020nc: 'bt2020', bt2020c: 'bt2020' },
  };
  return `:out_color_matrix=${known[space] ?? usual}:out_range=${range === 'pc' ? 'pc' : 'tv'}`;
};

const isEncoded = (video: Recipe['video']): video is EncodedVideo => video !== undefined && video !== 'copy';

/** How long a clip is: whole pictures of it. Pure. */
export const clipSecondsOf = (recipe: Recipe, { durationSeconds }: StandbyContent): number => {
  const { video } = recipe;
  if (!isEncoded(video)) return SILENCE_SECONDS;
  const rate = frameRateOf(recipe);
  const frames = Math.floor(Math.min(durationSeconds ?? video.gopSeconds, MOST_SECONDS) * rate);
  return Math.max(1, frames) / rate;
};

const pictureArgs = (video: EncodedVideo, { content, effort, recipe }: ClipOptions): string[] => {
  const { width, height, look } = video;
  const rate = frameRateOf(recipe).toFixed(6);
  const fit = fitFilter(width, height, look === undefined ? '' : conversion(look, height));
  const steps = [
    ...(content.contentType === 'video/mp4' ? [`fps=${rate}`] : []),
    fit,
    'format=yuv420p',
    ...(content.contentType === 'video/mp4' ? [] : ['loop=loop=-1:size=1:start=0', `setpts=N/(${rate}*TB)`]),
    ...(look === undefined ? [] : [lookFilter(look)]),
  ];
  const frames = Math.round(clipSecondsOf(recipe, content) * frameRateOf(recipe));
  return [
    // In capitals: no cover, which may stand before the picture.
    ...['-filter_complex', `[0:V:0]${steps.join(',')}[${PICTURE}]`, '-map', `[${PICTURE}]`],
    ...videoArgs(video, effort),
    ...['-frames:v', String(frames)],
  ];
};

/**
 * The command line that encodes standby content like the recording whose recipe it is, as NUT. Undefined when the picture of
 * the recording is not encoded. Pure.
 */
export const clipArgs = (options: ClipOptions): string[] | undefined => {
  const { recipe, content, file } = options;
  const { video, sounds } = recipe;
  if (video === 'copy' || sounds.includes('copy')) return undefined;
  const seconds = clipSecondsOf(recipe, content).toFixed(6);
  const hasSound = content.hasSound === true && isEncoded(video);
  const sound = hasSound
    ? ['-map', '0:a:0', '-af', `apad,atrim=end=${seconds}`]
    : ['-map', isEncoded(video) ? '1:a:0' : '0:a:0'];
  return [
    ...(isEncoded(video) ? inputArgs(file) : []),
    ...(hasSound || sounds.length === 0 ? [] : ['-f', 'lavfi', '-i', `anullsrc=d=${seconds}`]),
    ...(isEncoded(video) ? pictureArgs(video, options) : []),
    ...sounds.flatMap((each, index) => [...sound.slice(0, 2), ...soundArgs(each, index)]),
    ...(sounds.length === 0 ? [] : sound.slice(2)),
    ...['-t', seconds, '-fs', String(MOST_CLIP_BYTES), '-f', 'nut', 'pipe:1'],
  ];
};
