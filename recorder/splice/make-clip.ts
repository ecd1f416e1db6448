import { runFfmpeg } from '../capture/run-ffmpeg.ts';
import { NutReader } from '../containers/nut/reader.ts';
import type { Clip } from './clip.ts';
import { type ClipOptions, clipArgs } from './clip-args.ts';

/** Of a minute of video on a machine that is busy. */
const PATIENCE_MS = 300_000;
const MOST_BYTES = 128 * 1024 * 1024;

/** Encodes standby content like a recording. @throws when that is not possible */
export const makeClip = async (options: ClipOptions): Promise<Clip> => {
  const args = clipArgs(options);
  if (args === undefined) throw new Error('The picture or the sound of the recording is not encoded');
  const reader = new NutReader();
  const frames = reader.push(await runFfmpeg(args, { timeoutMs: PATIENCE_MS, mostBytes: MOST_BYTES }));
  const { head } = reader;
  if (head === undefined || frames.length === 0) throw new Error('ffmpeg made no clip');
  return { head, frames };
};
