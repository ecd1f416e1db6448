import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { promisify } from 'node:util';
import * as z from 'zod';

/** What ffprobe finds when it decodes a whole recording. */
export interface Probe {
  /** Pictures; of a recording without any, audio frames. */
  readonly frames: number;
  readonly durationSeconds: number;
  /** What the decoder complained about; empty for a sound recording. */
  readonly complaints: string;
}

const AAC_FRAME_SAMPLES = 1024;

const outputSchema = z.object({
  streams: z.array(
    z.object({
      codec_type: z.string(),
      nb_read_frames: z.coerce.number(),
      sample_rate: z.coerce.number().optional(),
    }),
  ),
  format: z.object({ duration: z.coerce.number() }),
});

const decode = async (input: string): Promise<Probe> => {
  const args =
    '-v error -count_frames -show_entries stream=codec_type,nb_read_frames,sample_rate:format=duration -of json';
  const { stdout, stderr } = await promisify(execFile)('ffprobe', [...args.split(' '), input]);
  const { streams, format } = outputSchema.parse(JSON.parse(stdout));
  const main = streams.find((stream) => stream.codec_type === 'video') ?? streams[0];
  const frames = main?.nb_read_frames ?? 0;
  // ADTS has no duration, and ffprobe only guesses one from the bitrate.
  const durationSeconds =
    main?.sample_rate === undefined ? format.duration : (frames * AAC_FRAME_SAMPLES) / main.sample_rate;
  return { frames, durationSeconds, complaints: stderr.trim() };
};

/** Fetches a recording by its URL into `folder` and decodes all of it; an HLS playlist is played from its URL. */
export const probe = async (file: { format: string; url: string }, folder: string): Promise<Probe> => {
  if (file.format === 'hls') return decode(file.url);
  const response = await fetch(file.url);
  if (!response.ok || response.body === null)
    throw new Error(`Downloading the ${file.format} answered ${response.status}`);
  const path = join(folder, `recording.${file.format}`);
  await pipeline(Readable.fromWeb(response.body as ReadableStream), createWriteStream(path));
  return decode(path);
};
