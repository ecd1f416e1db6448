import { constants } from 'node:os';
import { execa } from 'execa';
import { stepBehind } from '../priority.ts';

export interface RunOptions {
  /** What it reads from its standard input. */
  readonly input?: Buffer;
  readonly timeoutMs: number;
  readonly mostBytes: number;
  /** Ends it when it is aborted. */
  readonly signal?: AbortSignal;
}

/**
 * Runs a short ffmpeg behind everything else that this machine does. @returns what it writes to its standard output
 * @throws when it fails, is ended, takes too long or writes too much
 */
export const runFfmpeg = async (
  args: readonly string[],
  { input, timeoutMs, mostBytes, signal }: RunOptions,
): Promise<Buffer> => {
  const child = execa('ffmpeg', ['-v', 'error', '-nostdin', ...args], {
    // Nothing of ours is its business: above all no credentials.
    extendEnv: false,
    env: { PATH: process.env.PATH ?? '/usr/bin:/bin' },
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
    encoding: 'buffer',
    stdout: 'pipe',
    stderr: 'ignore',
    maxBuffer: mostBytes,
    timeout: timeoutMs,
    ...(signal === undefined ? {} : { cancelSignal: signal }),
    killSignal: 'SIGKILL',
    cleanup: true,
  });
  stepBehind(child.pid, constants.priority.PRIORITY_LOW);
  const { stdout } = await child;
  return Buffer.from(stdout.buffer, stdout.byteOffset, stdout.byteLength);
};
