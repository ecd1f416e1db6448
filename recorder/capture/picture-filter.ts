import { rateFilter } from './frame-rate.ts';
import { lookFilter } from './look.ts';
import type { EncodedVideo } from './recipe.ts';

const percentOf = (percent: number, whole: number): number => Math.round((percent * whole) / 100);

/** Label of the picture that comes out. */
export const PICTURE = 'picture';

type Size = { readonly width?: number | undefined; readonly height?: number | undefined };

/** Sizes are rounded to what codecs can have. */
const SAME_SHAPE = 0.01;

const hasShape = ({ width = 0, height = 0 }: Size, shape: number): boolean =>
  Math.abs(width / height - shape) < SAME_SHAPE * shape;

/** The whole picture in the middle of one of this size. */
export const fitFilter = (width: number, height: number, options = ''): string =>
  `scale=${width}:${height}:force_original_aspect_ratio=decrease${options},pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2`;

/**
 * What becomes of the picture of input 0, with the images that are inputs 1, 2, ... in the order of `video.overlays`. Pure.
 * @param source the size that the picture comes in
 */
export const pictureFilter = (
  { width, height, framesPerSecond, overlays, look }: EncodedVideo,
  source: Size,
): string => {
  // Another stream than the one that the size was made for may have another shape.
  const scale =
    look === undefined || hasShape(source, width / height)
      ? `scale=${width}:${height}`
      : fitFilter(width, height);
  const steps = [
    ...(framesPerSecond === undefined ? [] : [rateFilter(framesPerSecond)]),
    ...(source.width === width && source.height === height ? [] : [scale]),
  ];
  const images = overlays.map(({ widthPercent, opacityPercent }, index) => {
    const wide = Math.max(1, percentOf(widthPercent, width));
    // What would lie below the picture: of a narrow, high image that may be more than ffmpeg can scale.
    const crop = `crop=w=iw:h='min(ih,ceil(iw*${height}/${wide}))':x=0:y=0`;
    const size = `scale=w=${wide}:h='max(1,round(ow/a))'`;
    const opacity = `colorchannelmixer=aa=${opacityPercent / 100}`;
    return `[${index + 1}:v:0]format=rgba,${crop},${opacity},${size}[image${index}]`;
  });
  const laid = overlays.map(({ xPercent, yPercent }, index) => {
    const place = `x=${percentOf(xPercent, width)}:y=${percentOf(yPercent, height)}`;
    return `[under${index}][image${index}]overlay=${place}:format=auto[under${index + 1}]`;
  });
  return [
    `[0:v:0]${[...steps, 'null'].join(',')}[under0]`,
    ...images,
    ...laid,
    // What every player can show.
    `[under${overlays.length}]${['format=yuv420p', ...(look === undefined ? [] : [lookFilter(look)])].join(',')}[${PICTURE}]`,
  ].join(';');
};
