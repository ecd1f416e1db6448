import { readFile } from 'node:fs/promises';
import type { LocalRun } from '../../local/index.ts';
import { descendants, stillRunning } from '../support/local-process.ts';
import { within } from './until.ts';

const PATIENCE_MS = 10_000;
const LOOK_MS = 1000;

const nameOf = async (pid: number): Promise<string> =>
  // Gone since it was listed.
  (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim();

const ffmpegsOf = async (pid: number): Promise<number[]> => {
  const children = await descendants(pid);
  const names = await Promise.all(children.map(nameOf));
  return children.filter((_, index) => names[index] === 'ffmpeg');
};

/** The recorder that records something now, and the process ids of its ffmpegs; undefined when none does in time. */
export const busyRecorder = (run: LocalRun) =>
  within(PATIENCE_MS, async () => {
    for (const recorder of run.recorders) {
      const { pid } = recorder;
      if (pid === undefined) continue;
      const ffmpegs = await ffmpegsOf(pid);
      if (ffmpegs.length > 0) return { recorder, pid, ffmpegs };
    }
    return undefined;
  });

/** Sends a signal to a process that may have ended. @returns whether it had not */
export const signal = (pid: number, name: NodeJS.Signals): boolean => {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
};

/** Notes which ffmpegs the recorders have, so that those are found that outlive their recorder. */
export const watchFfmpegs = ({ recorders }: LocalRun, onFault: (error: unknown) => void) => {
  const seen = new Set<number>();
  const look = async (): Promise<void> => {
    for (const { pid } of recorders)
      if (pid !== undefined) for (const ffmpeg of await ffmpegsOf(pid)) seen.add(ffmpeg);
  };
  const timer = setInterval(() => void look().catch(onFault), LOOK_MS);
  return {
    /** Those that still run. */
    left: () => stillRunning([...seen]),
    stop: () => clearInterval(timer),
  };
};
