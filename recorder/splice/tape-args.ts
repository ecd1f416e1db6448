import { type Slave, teeOf } from '../capture/ffmpeg-args.ts';
import { madeSlaves } from '../capture/maker-args.ts';
import type { Recipe } from '../capture/recipe.ts';

/** The command line of the ffmpeg that makes files of what others have encoded, which it reads as NUT. Pure. */
export const tapeArgs = (recipe: Recipe, sinkUrl: string): { args: string[]; slaves: Slave[] } => {
  const slaves = madeSlaves(recipe, sinkUrl);
  return {
    args: [
      ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'info'],
      ...['-progress', 'pipe:1', '-stats_period', '0.5'],
      ...['-tag:v', '0', '-tag:a', '0', '-protocol_whitelist', 'pipe', '-f', 'nut', '-i', 'pipe:0'],
      ...['-map', '0', '-c', 'copy', '-copytb', '1', '-f', 'tee', teeOf(slaves)],
    ],
    slaves,
  };
};
