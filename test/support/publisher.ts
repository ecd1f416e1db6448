import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Publication {
  /** When the publisher's process ended, in milliseconds since 1970. @throws what ffmpeg printed, when it failed */
  readonly ended: Promise<number>;
  /** Ends the stream now, as a person does who stops an encoder. */
  stop(): void;
  kill(): void;
  /** For what does not end it: SIGSTOP, SIGCONT. */
  signal(name: NodeJS.Signals): void;
}

/** Pushes `source` to an RTMP URL as it is, `times` times without a break, `rate` times as fast as real time. */
export const publish = (source: string, url: string, rate = 1, times = 1): Publication => {
  const input = ['-readrate', String(rate), '-stream_loop', String(times - 1), '-i', source];
  const args = ['-v', 'error', '-nostdin', ...input, '-c', 'copy', '-f', 'flv', url];
  const ffmpeg = spawn('ffmpeg', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaints = '';
  let stopped = false;
  ffmpeg.stderr.on('data', (chunk: Buffer) => {
    complaints += chunk.toString();
  });
  const run = async (): Promise<number> => {
    const [code] = await once(ffmpeg, 'exit');
    const endedAt = Date.now();
    if (code !== 0 && !stopped) throw new Error(`ffmpeg could not push to ${url}: ${complaints.trim()}`);
    return endedAt;
  };
  const ended = run();
  // Whoever waits for the end still sees it.
  ended.catch(() => undefined);
  const end = (signal: NodeJS.Signals): void => {
    stopped = true;
    ffmpeg.kill(signal);
  };
  return {
    ended,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    signal: (name) => void ffmpeg.kill(name),
  };
};
