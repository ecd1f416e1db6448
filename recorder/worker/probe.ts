import type { Media } from '../../shared/schemas/recording.ts';
import { endsInput, mediaOfLine } from '../capture/ffmpeg-log.ts';
import { type CommandInput, inputArgs } from './command.ts';
import { runFfmpeg } from './ffmpeg.ts';

/** As far as is read for what a track does not tell before it begins, such as a picture that comes long after the sound. */
const FAR = ['-analyzeduration', '30000000', '-probesize', '50000000'] as const;

/** What an input carries, as its beginning tells: of each kind the first track, which is the one that is taken. */
export const probe = async (input: CommandInput, signal: AbortSignal): Promise<Media> => {
  let media: Media = {};
  let isOver = false;
  await runFfmpeg({
    args: [
      ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'info', ...FAR, ...inputArgs(input)],
      ...['-map', '0:v:0?', '-map', '0:a:0?', '-c', 'copy', '-t', '0', '-f', 'null', 'pipe:1'],
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
