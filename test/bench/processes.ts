import { readdirSync, readFileSync } from 'node:fs';

const isGone = (error: unknown): boolean =>
  ['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '');

/** Clock ticks of `/proc` in a second, on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Resident memory, in bytes. @throws when there is no such process */
export const residentBytes = (pid: number): number => {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
};

/** The fields of `/proc/PID/stat` that follow the name in parentheses: state first, then the parent. */
const statOf = (pid: number): string[] => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
};

export interface Cpu {
  /** Seconds of the process itself, all threads. */
  readonly own: number;
  /** Seconds of the children that have ended. */
  readonly children: number;
}

export const cpuOf = (pid: number): Cpu => {
  const [user = 0, system = 0, childrenUser = 0, childrenSystem = 0] = statOf(pid).slice(11, 15).map(Number);
  return {
    own: (user + system) / TICKS_PER_SECOND,
    children: (childrenUser + childrenSystem) / TICKS_PER_SECOND,
  };
};

/** The child of this process whose command line contains `text`. @throws when there is none */
export const childWith = (text: string): number => {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  for (const pid of pids.map(Number)) {
    try {
      const isChild = Number(statOf(pid)[1]) === process.pid;
      if (isChild && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text)) return pid;
    } catch (error) {
      // Gone since the folder was read.
      if (!isGone(error)) throw error;
    }
  }
  throw new Error(`No child process with ${text}`);
};

export interface Sample {
  /** In milliseconds since 1970. */
  readonly at: number;
  readonly value: number;
}

export interface Samples {
  /** In order; the first was taken at once. */
  readonly taken: readonly Sample[];
  stop(): void;
}

/** Takes a sample at once, each `everyMs`, and at the end; none any more of a process that is gone. */
export const sample = (take: () => number, everyMs: number): Samples => {
  const now = (): Sample => ({ at: Date.now(), value: take() });
  const taken = [now()];
  const add = (): void => {
    try {
      taken.push(now());
    } catch (error) {
      if (!isGone(error)) throw error;
      clearInterval(timer);
    }
  };
  const timer = setInterval(add, everyMs);
  return {
    taken,
    stop: () => {
      clearInterval(timer);
      add();
    },
  };
};

/** The highest of all samples. */
export const mostOf = ({ taken }: Samples): number => Math.max(...taken.map(({ value }) => value));
