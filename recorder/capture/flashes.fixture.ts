import { ffmpeg, type MediaFolder } from '../containers/media.fixture.ts';
import { lookAt } from './look-at.fixture.ts';

export const WIDTH = 320;
const HEIGHT = 180;

export interface Part {
  readonly width: number;
  readonly height: number;
  readonly x: number;
  readonly y: number;
}

/** The luma of each picture, row by row. */
export const lumaOf = (path: string): Buffer[] => {
  const raw = ['-vf', 'extractplanes=y', '-vsync', 'passthrough', '-f', 'rawvideo', 'pipe:1'];
  const all = ffmpeg('-i', path, ...raw);
  const bytes = WIDTH * HEIGHT;
  return Array.from({ length: all.length / bytes }, (_, index) =>
    all.subarray(index * bytes, (index + 1) * bytes),
  );
};

/** Mean of a part of a picture. */
export const meanOf = (luma: Buffer, part: Part): number => {
  let sum = 0;
  for (let row = part.y; row < part.y + part.height; row += 1)
    for (let column = part.x; column < part.x + part.width; column += 1)
      sum += luma[row * WIDTH + column] ?? 0;
  return sum / (part.width * part.height);
};

/** A flash of light and a beep at the same moment, each second. */
export const flashAndBeep = (folder: MediaFolder, extension: string, seconds: number): string => {
  const flash = "drawbox=c=white:t=fill:enable='lt(mod(t,1),0.039)'";
  return folder.generate(
    extension,
    ...['-f', 'lavfi', '-i', `color=black:r=25:s=${WIDTH}x${HEIGHT}:d=${seconds},${flash}`],
    ...['-f', 'lavfi', '-i', `aevalsrc='if(lt(mod(t,1),0.04),sin(6283*t),0)':s=48000:d=${seconds}`],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-bf', '2', '-c:a', 'aac', '-ar', '48000'],
  );
};

/** When the picture gets bright, and when the sound begins, of each flash and beep. */
export const momentsOf = (path: string): { flashes: number[]; beeps: number[] } => {
  const luma = lumaOf(path).map((each) => meanOf(each, { width: 8, height: 8, x: 156, y: 86 }));
  const { first, times } = lookAt(path);
  const flashes = times
    .filter((_, index) => (luma[index] ?? 0) > 120 && (luma[index - 1] ?? 0) < 120)
    .map((time) => first + time);
  const rate = 48_000;
  // `async` keeps the sound where its time stamps put it.
  const filter = ['-af', 'aresample=async=1:first_pts=0', '-ar', String(rate), '-ac', '1'];
  const pcm = ffmpeg('-copyts', '-i', path, '-vn', ...filter, '-f', 's16le', 'pipe:1');
  const beeps: number[] = [];
  for (let at = 0; at + 1 < pcm.length; at += 2) {
    const time = at / 2 / rate;
    if (Math.abs(pcm.readInt16LE(at)) > 3000 && time - (beeps.at(-1) ?? -1) > 0.5) beeps.push(time);
  }
  return { flashes, beeps };
};
