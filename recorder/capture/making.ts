import { type EndCode, endReason } from '../../shared/recordings/end-reason.ts';
import type { Format } from '../../shared/schemas/names.ts';
import type { Media, Reason, Recording } from '../../shared/schemas/recording.ts';
import type { Overlay } from '../../shared/schemas/transcode.ts';
import type { Log } from '../log.ts';
import type { Splice } from '../splice/splice.ts';
import { cheaper, EFFORT_TEXTS, type Effort, type LessEffort } from './effort.ts';
import type { Look } from './look.ts';
import { createMaker, type Maker } from './maker.ts';
import { type ImageFile, makerArgs } from './maker-args.ts';
import { failedOutputs, type Loss } from './reasons.ts';
import { type Portions, portionsOf, type Recipe } from './recipe.ts';

/** What the captures of one recording learn of the making, one from the other. */
export interface Making {
  /** The stream of an RTMP source has to be fed to a second ffmpeg. */
  feeds: boolean;
  /** What this machine can do. */
  effort: Effort;
}

/** Images of watermarks, and standby content, on this machine. @throws when one cannot be had */
export type LoadImages = (images: readonly Pick<Overlay, 'key' | 'sha256'>[]) => Promise<ImageFile[]>;

export interface MakingOptions {
  readonly recording: Recording;
  readonly making: Making;
  /** Of the source, as soon as ffmpeg knows. */
  readonly media: Promise<Media>;
  readonly adts: boolean;
  /** Whether there is anything that a second ffmpeg could be fed with. */
  readonly feeds: boolean;
  readonly images: LoadImages;
  readonly log: Log;
  /** What is made goes through it; absent: it becomes files at once. */
  readonly splice: Splice | undefined;
  /** How the picture of the source looks; known when `media` is. */
  look(): Look;
  onTrouble(reason: Reason): void;
}

/** What one capture makes of its stream, besides what it copies. */
export interface OpenMaking {
  readonly portions: Promise<Portions>;
  readonly copied: Promise<readonly Format[]>;
  /** Whether the picture is encoded here. */
  readonly isEncoded: Promise<boolean>;
  /**
   * @param ready when the outputs are
   * @param end another capture is to go on: the second ffmpeg is gone, or too slow
   */
  start(sinkUrl: string, ready: Promise<unknown>, end: (reason: Reason) => void): Maker;
  /** What could not be made of it; to be asked when the maker has nothing more to do. */
  lost(maker: Maker): Promise<Loss[]>;
}

const isPicture = ({ video }: Recipe): boolean => video !== undefined && video !== 'copy';

/** Says what is to be made as soon as it is known what the source carries. */
export const openMaking = (options: MakingOptions): OpenMaking => {
  const { recording, media, adts, feeds, images, log, splice, onTrouble } = options;
  const { recordId, plan } = recording;
  const { effort } = options.making;
  const portions = media.then((known) => {
    const found = portionsOf(plan, known, { adts, effort });
    return splice === undefined ? found : splice.portionsOf(found, options.look(), known);
  });

  /** A recording without its watermark is better than none. */
  const withImages = async (recipe: Recipe): Promise<{ recipe: Recipe; files: ImageFile[] }> => {
    const { video } = recipe;
    if (video === undefined || video === 'copy') return { recipe, files: [] };
    try {
      return { recipe, files: await images(video.overlays) };
    } catch (cause) {
      log.error('The image of a watermark could not be read', { recordId, cause });
      onTrouble(endReason('watermark-missing'));
      return { recipe: { ...recipe, video: { ...video, overlays: [] } }, files: [] };
    }
  };

  /** Those that come after this one try less. */
  const spareEffort = (next: LessEffort, why: EndCode): void => {
    options.making.effort = next;
    log.warn('A recording is encoded with less effort', { recordId, effort: next, why });
    onTrouble(endReason(why, EFFORT_TEXTS[next]));
  };

  const command = async (sinkUrl: string, ready: Promise<unknown>) => {
    const { recipe: wanted } = await portions;
    // What comes meanwhile waits, and the encoder of the capture before has this machine for itself.
    await ready.catch(() => undefined);
    if (wanted === undefined) return undefined;
    const { recipe, files } = await withImages(wanted);
    return makerArgs({
      recipe,
      media: await media,
      adts,
      effort,
      images: files,
      sinkUrl,
      splices: splice !== undefined,
    });
  };

  return {
    portions,
    // What would lack something here is left to the next capture altogether, which has it all.
    copied: portions.then(({ copied, recipe }) => (recipe === undefined || feeds ? copied : [])),
    isEncoded: portions.then(({ recipe }) => recipe !== undefined && isPicture(recipe)),
    start: (sinkUrl, ready, end) =>
      createMaker({
        command: command(sinkUrl, ready),
        onFailed: ({ lastLines }, hasMade) => {
          // What cannot be encoded at all is recorded as it comes, or is missing in formats that cannot hold that.
          if (!hasMade && effort !== 'none') spareEffort('none', 'ffmpeg-failed');
          end(endReason('ffmpeg-failed', lastLines.at(-1)));
        },
        isHeldUp: () => splice?.isFull() === true,
        onBehind: () => {
          const next = plan.encoding === undefined ? undefined : cheaper(effort);
          if (next === undefined) {
            log.warn('An encoder is too slow, and nothing is left to spare', { recordId });
            return onTrouble(endReason('encoder-slow'));
          }
          spareEffort(next, 'encoder-slow');
          end(endReason('encoder-slow'));
        },
      }),
    lost: async (maker) => {
      const { leftOut, recipe } = await portions;
      const outcome = maker.outcome();
      if (recipe === undefined || outcome === undefined) return [...leftOut];
      const { exit, outputs } = outcome;
      const formats = recipe.outputs.map(({ format }) => format);
      const failed = failedOutputs(exit, outputs, formats);
      if (exit.code === 0) return [...leftOut, ...failed];
      const why = `its end could not be encoded: ${exit.lastLines.at(-1) ?? 'ffmpeg was ended'}`;
      return [...leftOut, ...formats.map((format) => ({ format, why }))];
    },
  };
};
