import type { Recording } from '../../shared/schemas/recording.ts';
import { Thumbnails } from '../thumbnails/thumbnails.ts';
import type { RunPorts } from './run-recording.ts';

/** The thumbnails of a recording; undefined: it has none, or nobody makes them here. */
export const openThumbnails = (
  { pictures, storeOf, fence, log }: RunPorts,
  recording: Recording,
): Thumbnails | undefined => {
  const { thumbnails: settings, storage } = recording.plan;
  if (settings === undefined || pictures === undefined) return undefined;
  const [store, monotonicNow] = [storeOf(storage), () => performance.now()];
  return new Thumbnails({ recording, settings, store, pictures, log, monotonicNow, held: fence.held });
};
