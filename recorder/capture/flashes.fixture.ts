import { execFileSync } from 'node:child_process';
import { type MediaFolder, packetTimes } from '../containers/media.fixture.ts';

const MOST_BYTES = 64 * 1024 * 1024;

/** Mean luma of a part of each picture. */
export const lumaOf = (path: string, crop: string): number[] => {
  const filter = `crop=${crop},signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=-`;
  const printed = execFileSync('ffmpeg', ['-v', 'error', '-i', path, '-vf', filter, '-f', 'null', '-']);
  return [...printed.toString().matchAll(/YAVG=([\d.]+)/g)].map(([, luma]) => Number(luma));
};

/** A flash of light and a beep at the same moment, each second. */
export const flashAndBeep = (
  folder: MediaFolder,
  extension: string,
  seconds: number,
  ...audio: string[]
): string => {
  const flash = "drawbox=c=white:t=fill:enable='lt(mod(t,1),0.039)'";
  return folder.generate(
    extension,
    ...['-f', 'lavfi', '-i', `color=black:r=25:s=320x180:d=${seconds},${flash}`],
    ...['-f', 'lavfi', '-i', `aevalsrc='if(lt(mod(t,1),0.04),sin(6283*t),0)':s=48000:d=${seconds}`],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-bf', '2', ...audio],
  );
};

/** When the picture gets bright, and when the sound begins, of each flash and beep. */
export const momentsOf = (path: string): { flashes: number[]; beeps: number[] } => {
  const luma = lumaOf(path, '320:180:0:0');
  const times = packetTimes(path, 'v');
  const flashes = times.filter((_, index) => (luma[index] ?? 0) > 120 && (luma[index - 1] ?? 0) < 120);
  const rate = 48_000;
  // `async` keeps the sound where its time stamps put it.
  const filter = [
    '-af',
    'aresample=async=1:first_pts=0',
    '-ar',
    String(rate),
    '-ac',
    '1',
    '-f',
    's16le',
    '-',
  ];
  const pcm = execFileSync('ffmpeg', ['-v', 'error', '-copyts', '-i', path, '-vn', ...filter], {
    maxBuffer: MOST_BYTES,
  });
  const beeps: number[] = [];
  for (let at = 0; at + 1 < pcm.length; at += 2) {
    const time = at / 2 / rate;
    if (Math.abs(pcm.readInt16LE(at)) > 3000 && time - (beeps.at(-1) ?? -1) > 0.5) beeps.push(time);
  }
  return { flashes, beeps };
};
