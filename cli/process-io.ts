import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';
import type { WriteStream } from 'node:tty';
import { createLogUpdate } from 'log-update';
import type { Io, Sink } from './io.ts';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
/** npx hands on the signal of a Ctrl-C that the terminal has sent to this process already. */
const ECHO_MS = 300;

const sinkOf = (stream: WriteStream, env: NodeJS.ProcessEnv): Sink => ({
  isTerminal: stream.isTTY === true,
  columns: stream.isTTY ? stream.columns : undefined,
  colors: stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb',
  write: (text) => void stream.write(text),
});

const ask = async (question: string): Promise<string> => {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  // The end of the input is an answer too: nothing.
  const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
  const answer = await Promise.race([lines.question(question), closed]);
  lines.close();
  return answer;
};

/** The world of this process. */
export const processIo = (): Io => ({
  out: sinkOf(process.stdout, process.env),
  err: sinkOf(process.stderr, process.env),
  env: process.env,
  cwd: process.cwd(),
  isInteractive: process.stdin.isTTY === true && process.stderr.isTTY === true,
  fetch: (request) => fetch(request),
  now: () => new Date(),
  readStdin: () => text(process.stdin),
  ask,
  live: (sink) => {
    const update = createLogUpdate(sink === 'out' ? process.stdout : process.stderr);
    return {
      show: (lines) => update(lines),
      end: (keep) => {
        if (!keep) update.clear();
        update.done();
      },
    };
  },
  onInterrupt: (listener) => {
    let last = Number.NEGATIVE_INFINITY;
    const onSignal = (): void => {
      const isEcho = performance.now() - last < ECHO_MS;
      last = performance.now();
      if (!isEcho) listener();
    };
    for (const signal of SIGNALS) process.on(signal, onSignal);
    return () => {
      for (const signal of SIGNALS) process.off(signal, onSignal);
    };
  },
});
