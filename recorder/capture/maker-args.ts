import type { Media } from '../../shared/schemas/recording.ts';
import type { Effort } from './effort.ts';
import { soundArgs, videoArgs } from './encoder-args.ts';
import { formatSlave, MADE_PREFIX, nutSlave, type Slave, teeOf } from './ffmpeg-args.ts';
import { PICTURE, pictureFilter } from './picture-filter.ts';
import type { Recipe } from './recipe.ts';

/** An image, or a video, on this machine. */
export interface ImageFile {
  readonly path: string;
  readonly demuxer: 'png_pipe' | 'jpeg_pipe' | 'mov';
}

export interface MakerOptions {
  readonly recipe: Recipe;
  /** Of the source. */
  readonly media: Media;
  /** Whether AAC that is copied may come with ADTS headers. */
  readonly adts: boolean;
  readonly effort: Effort;
  /** In the order of the recipe's overlays. */
  readonly images: readonly ImageFile[];
  readonly sinkUrl: string;
  /** Whether it writes all that it makes as one stretch of NUT instead of the formats. */
  readonly splices?: boolean;
}

/** Where the sink gets it. */
export const STRETCH_PATH = `${MADE_PREFIX}stretch`;

/** The formats of a recipe, each with its streams. Pure. */
export const madeSlaves = (
  { video, outputs }: Recipe,
  sinkUrl: string,
  isAdts: (sound: number) => boolean = () => false,
): Slave[] =>
  outputs.map(({ format, sound }) => {
    const streams = [
      ...(video === undefined || format === 'aac' ? [] : ['v:0']),
      ...(sound === undefined ? [] : [`a:${sound}`]),
    ];
    return formatSlave(format, `${sinkUrl}/${MADE_PREFIX.slice(0, -1)}`, isAdts(sound ?? 0), streams);
  });

/** The command line of the second ffmpeg of a capture, which reads NUT from its standard input, and what it writes. Pure. */
export const makerArgs = ({
  recipe,
  media,
  adts,
  effort,
  images,
  sinkUrl,
  splices = false,
}: MakerOptions): { args: string[]; slaves: Slave[] } => {
  const { video, sounds } = recipe;
  // Headers are taken off what has them, and off nothing else.
  const isAdts = (sound: number): boolean => adts && media.audioCodec === 'aac' && sounds[sound] === 'copy';
  const slaves = splices ? [nutSlave(STRETCH_PATH, sinkUrl)] : madeSlaves(recipe, sinkUrl, isAdts);
  const picture =
    video === undefined || video === 'copy'
      ? ['-map', '0:v:0?', '-c:v', 'copy', '-copytb', '1']
      : ['-filter_complex', pictureFilter(video, media), '-map', `[${PICTURE}]`, ...videoArgs(video, effort)];
  return {
    args: [
      ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'info'],
      ...['-progress', 'pipe:1', '-stats_period', '0.5'],
      // It comes as fast as it does; nothing else is to be opened.
      ...['-tag:v', '0', '-tag:a', '0', '-protocol_whitelist', 'pipe', '-f', 'nut', '-i', 'pipe:0'],
      ...images.flatMap(({ path, demuxer }) => ['-protocol_whitelist', 'file', '-f', demuxer, '-i', path]),
      ...(video === undefined ? [] : picture),
      ...sounds.flatMap((sound, index) => ['-map', '0:a:0', ...soundArgs(sound, index)]),
      // With the settings of its codecs in its head, where they can be compared; `tee` does not ask for that.
      ...(splices ? ['-flags', '+global_header'] : []),
      ...['-f', 'tee', teeOf(slaves)],
    ],
    slaves,
  };
};
