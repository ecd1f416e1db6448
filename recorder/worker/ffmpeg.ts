import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { withoutUrls } from '../capture/ffmpeg-log.ts';
import { StepError } from './step-error.ts';

const LAST_LINES = 6;
/** What ffmpeg says when a file has nothing that the step could take. */
const UNSUITABLE =
  /does not contain any stream|matches no streams|Could not find codec parameters|Invalid data found when processing input|not currently supported in container/i;

export interface FfmpegRun {
  readonly args: readonly string[];
  readonly signal: AbortSignal;
  /** Takes what it writes; it is not read any faster than this resolves. */
  take(chunk: Buffer): Promise<void> | void;
  onLine?(line: string): void;
}

/**
 * Runs one ffmpeg to its end, with its output taken as it comes.
 * @throws StepError when it fails, or what `take` threw
 */
export const runFfmpeg = async ({ args, signal, take, onLine }: FfmpegRun): Promise<void> => {
  const child = execa('ffmpeg', args, {
    // Nothing of ours is its business: above all no credentials.
    extendEnv: false,
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin' },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    buffer: false,
    reject: false,
    cleanup: true,
    cancelSignal: signal,
    forceKillAfterDelay: 1000,
  });
  const lines: string[] = [];
  const log = createInterface({ input: child.stderr });
  log.on('line', (line) => {
    onLine?.(line);
    lines.push(withoutUrls(line).trim());
    if (lines.length > LAST_LINES) lines.shift();
  });
  try {
    for await (const chunk of child.stdout) await take(chunk as Buffer);
  } catch (error) {
    child.kill('SIGKILL');
    await child;
    throw error;
  }
  const { exitCode } = await child;
  signal.throwIfAborted();
  if (exitCode === 0) return;
  const said = lines.join(' ').slice(-600);
  if (UNSUITABLE.test(said)) throw new StepError('input-unsuitable', said, { final: true });
  throw new StepError('step-failed', `ffmpeg ended with code ${exitCode}: ${said}`);
};
