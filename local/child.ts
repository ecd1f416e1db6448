import { type ChildProcess, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';

/** A process that is started again whenever it dies. */
export interface Supervised {
  /** Of the process that runs now; undefined between two. */
  readonly pid: number | undefined;
  kill(signal: NodeJS.Signals): void;
  /** SIGTERM, time to finish, then SIGKILL. Not started again. */
  stop(graceMs: number): Promise<void>;
  /** SIGKILL, at once and without waiting. */
  abandon(): void;
}

export interface ChildSetup {
  /** Module and arguments, run with this Node; asked for at each start, as is the environment. */
  readonly args: () => readonly string[];
  readonly env: () => Readonly<Record<string, string>>;
  readonly log: Writable;
  readonly onMessage?: (message: unknown) => void;
  /** Told when it died although nobody stopped it, and when it is started again. */
  readonly onDeath: (how: string, restartInMs: number) => void;
}

/** A process that lives this long was not a failed start. */
const STABLE_MS = 10_000;
const MOST_DELAY_MS = 5_000;

/** How long to wait before a start: not at all the first time, longer the more starts in a row have failed. */
export const restartDelayMs = (quickDeaths: number): number =>
  quickDeaths <= 1 ? 0 : Math.min(MOST_DELAY_MS, 100 * 2 ** quickDeaths);

const killGroup = (leader: number | undefined): void => {
  if (leader === undefined) return;
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // Nobody is left.
  }
};

export const supervise = (setup: ChildSetup): Supervised => {
  let child: ChildProcess | undefined;
  let stopping = false;
  let quickDeaths = 0;
  let timer: NodeJS.Timeout | undefined;
  let ended = Promise.resolve();

  const start = (): void => {
    const startedAt = Date.now();
    const current = spawn(process.execPath, [...setup.args()], {
      env: { ...setup.env() },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // A process group of its own: Ctrl-C in the terminal must reach the run alone, which stops things in order.
      detached: true,
    });
    child = current;
    current.stdout?.pipe(setup.log, { end: false });
    current.stderr?.pipe(setup.log, { end: false });
    current.on('message', (message) => setup.onMessage?.(message));
    ended = new Promise((resolve) => {
      const died = (how: string): void => {
        // As in a container, what it has started ends with it.
        killGroup(current.pid);
        resolve();
        if (child !== current) return;
        child = undefined;
        if (stopping) return;
        quickDeaths = Date.now() - startedAt < STABLE_MS ? quickDeaths + 1 : 1;
        const delay = restartDelayMs(quickDeaths);
        setup.onDeath(how, delay);
        timer = setTimeout(start, delay);
      };
      current.once('error', (error) => died(error.message));
      current.once('exit', (code, signal) => died(signal ?? `exit code ${code}`));
    });
  };
  start();

  return {
    get pid() {
      return child?.pid;
    },
    kill: (signal) => {
      child?.kill(signal);
    },
    async stop(graceMs) {
      stopping = true;
      clearTimeout(timer);
      child?.kill('SIGTERM');
      const last = setTimeout(() => child?.kill('SIGKILL'), graceMs);
      await ended;
      clearTimeout(last);
    },
    abandon() {
      stopping = true;
      clearTimeout(timer);
      child?.kill('SIGKILL');
    },
  };
};
