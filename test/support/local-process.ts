import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../local/main.ts', import.meta.url));

/** `npm start` as a process of its own. */
export interface LocalProcess {
  readonly apiUrl: string;
  readonly rtmpUrl: string;
  readonly pid: number;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with its exit code. */
  stop(): Promise<number | null>;
}

/** Starts a local run on free ports; resolves when it says that it is ready. @throws what it printed, if it ends first */
export const startLocalProcess = async (data: string, adminToken: string): Promise<LocalProcess> => {
  const ports = ['--port', '0', '--rtmp-port', '0', '--s3-port', '0'];
  const child = spawn(process.execPath, [MAIN, '--data', data, ...ports], {
    env: { ...process.env, STREAMKEEP_ADMIN_TOKEN: adminToken },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  let printed = '';
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      printed += chunk.toString();
      if (printed.includes('Streamkeep is ready')) resolve();
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', () => reject(new Error(`The local run ended: ${printed}`)));
  });
  const [, apiUrl = ''] = /^API +(\S+)\/v1$/m.exec(printed) ?? [];
  const [, rtmpUrl = ''] = /^RTMP +(rtmp:\/\/[^/]+)\//m.exec(printed) ?? [];
  return {
    apiUrl,
    rtmpUrl,
    pid: child.pid ?? 0,
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
    stop: async () => {
      child.kill('SIGTERM');
      const [code] = await exited;
      return code;
    },
  };
};

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly running: boolean;
}

const processes = async (): Promise<Process[]> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const all = pids.map(async (pid) => {
    // Gone since the folder was read.
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
    if (stat === undefined) return [];
    const [state = '', parent = ''] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return [{ pid, parent: Number(parent), running: state !== 'Z' }];
  });
  return (await Promise.all(all)).flat();
};

/** Processes that `pid` has started, and those that they have. */
export const descendants = async (pid: number): Promise<number[]> => {
  const all = await processes();
  const under = (parent: number): number[] =>
    all.filter((each) => each.parent === parent).flatMap((each) => [each.pid, ...under(each.pid)]);
  return under(pid);
};

/** Those of `pids` that still run. */
export const stillRunning = async (pids: readonly number[]): Promise<number[]> =>
  (await processes()).filter(({ pid, running }) => running && pids.includes(pid)).map(({ pid }) => pid);
