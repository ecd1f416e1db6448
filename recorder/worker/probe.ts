import type { Media } from '../../shared/schemas/recording.ts';
import { endsInput, mediaOfLine } from '../capture/ffmpeg-log.ts';
import { type CommandInput, inputArgs, type ProbedInput } from './command.ts';
import { runFfmpeg } from './ffmpeg.ts';

const look = async (input: CommandInput, signal: AbortSignal): Promise<Media> => {
  let media: Media = {};
  let isOver = false;
  await runFfmpeg({
    // An output of no tracks: any other is refused while something is missing.
    args: [
      ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'info', ...inputArgs(input)],
      ...['-f', 'ffmetadata', 'pipe:1'],
    ],
    signal,
    take: () => undefined,
    onLine: (line) => {
      isOver ||= endsInput(line);
      if (!isOver) media = { ...mediaOfLine(line), ...media };
    },
  });
  return media;
};

const isWhole = ({ videoCodec, width, audioCodec, audioSampleRate }: Media): boolean =>
  (videoCodec === undefined || width !== undefined) &&
  (audioCodec === undefined || audioSampleRate !== undefined);

/**
 * What an input carries: of each kind the first track, which is the one that is taken. Its beginning tells, and only where
 * that does not suffice more is read; so must whoever reads it after that.
 */
export const probe = async (input: CommandInput, signal: AbortSignal): Promise<ProbedInput> => {
  const media = await look(input, signal);
  if (isWhole(media)) return { ...input, media };
  const far = { ...input, far: true };
  return { ...far, media: await look(far, signal) };
};
