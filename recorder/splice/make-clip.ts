import { runFfmpeg } from '../capture/run-ffmpeg.ts';
import { NutReader } from '../containers/nut/reader.ts';
import type { Clip } from './clip.ts';
import { type ClipOptions, clipArgs, MOST_CLIP_BYTES } from './clip-args.ts';

/** Of a minute of video on a machine that is busy. */
const PATIENCE_MS = 300_000;
/** What an encoder has taken in by the time a clip is large enough comes on top. */
const MOST_BYTES = MOST_CLIP_BYTES * 1.5;

/**
 * Encodes standby content like a recording.
 * @param signal aborted when nobody wants it any more
 * @throws when that is not possible
 */
export const makeClip = async (options: ClipOptions, signal: AbortSignal): Promise<Clip> => {
  const args = clipArgs(options);
  if (args === undefined) throw new Error('The picture or the sound of the recording is not encoded');
  const reader = new NutReader();
  const limits = { timeoutMs: PATIENCE_MS, mostBytes: MOST_BYTES, signal };
  const frames = reader.push(await runFfmpeg(args, limits));
  const { head } = reader;
  if (head === undefined || frames.length === 0) throw new Error('ffmpeg made no clip');
  return { head, frames };
};
