import { rateFilter } from './frame-rate.ts';
import type { EncodedVideo } from './recipe.ts';

const percentOf = (percent: number, whole: number): number => Math.round((percent * whole) / 100);

/** Label of the picture that comes out. */
export const PICTURE = 'picture';

/**
 * What becomes of the picture of input 0, with the images that are inputs 1, 2, ... in the order of `video.overlays`. Pure.
 * @param source the size that the picture comes in
 */
export const pictureFilter = (
  { width, height, framesPerSecond, overlays }: EncodedVideo,
  source: { readonly width?: number | undefined; readonly height?: number | undefined },
): string => {
  const steps = [
    ...(framesPerSecond === undefined ? [] : [rateFilter(framesPerSecond)]),
    ...(source.width === width && source.height === height ? [] : [`scale=${width}:${height}`]),
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
    `[under${overlays.length}]format=yuv420p[${PICTURE}]`,
  ].join(';');
};
