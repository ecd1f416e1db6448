import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';

export const FRAMES_PER_SECOND = 30;

/** Whether ffmpeg finds a font to write the time of day with; the test picture counts the seconds anyhow. */
const canDrawText = async (): Promise<boolean> => {
  const args = '-v quiet -f lavfi -i color=s=64x64,drawtext=text=x -frames:v 1 -f null -'.split(' ');
  try {
    await promisify(execFile)('ffmpeg', args);
    return true;
  } catch {
    return false;
  }
};

/**
 * Pushes a moving picture with a clock, and a tone, in real time as any encoder would.
 * @returns when the stream ended, in milliseconds since 1970
 * @throws what ffmpeg printed, when it failed
 */
export const pushDemo = async (url: string, seconds: number): Promise<number> => {
  const clock = (await canDrawText())
    ? ",drawtext=text='%{localtime}':fontsize=48:fontcolor=white:box=1:boxcolor=black@0.5:x=(w-tw)/2:y=h-th-40"
    : '';
  const picture = `testsrc2=size=1280x720:rate=${FRAMES_PER_SECOND}:duration=${seconds}${clock}`;
  const ffmpeg = spawn(
    'ffmpeg',
    [
      ...'-hide_banner -nostdin -v error'.split(' '),
      ...['-re', '-f', 'lavfi', '-i', picture],
      ...['-re', '-f', 'lavfi', '-i', `sine=frequency=440:sample_rate=48000:duration=${seconds}`],
      ...`-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g ${2 * FRAMES_PER_SECOND}`.split(' '),
      ...'-b:v 2000k -c:a aac -b:a 128k -f flv'.split(' '),
      url,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let complaints = '';
  ffmpeg.stderr.on('data', (chunk: Buffer) => {
    complaints += chunk.toString();
  });
  const [code] = await once(ffmpeg, 'exit');
  const endedAt = Date.now();
  if (code !== 0) throw new Error(`ffmpeg could not push the stream: ${complaints.trim()}`);
  return endedAt;
};
