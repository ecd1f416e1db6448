/** Of a source that does not say its own. */
export const FALLBACK_FRAME_RATE = 25;

/** How much too early a frame may come, in shares of the time between two. */
const EARLY = 0.25;

/**
 * A filter that lets at most so many frames a second through, and all of them when there are no more. The time stamps stay
 * as they are. Pure.
 */
export const rateFilter = (framesPerSecond: number): string => {
  const gap = (1 / framesPerSecond).toFixed(6);
  const early = (EARLY / framesPerSecond).toFixed(6);
  // In 0 stands when the next frame is due.
  return `select='if(gte(t+${early},ld(0)),st(0,max(ld(0)+${gap},t)),0)'`;
};
