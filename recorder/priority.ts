import { setPriority } from 'node:os';

/** Has a process of ours step behind others. One that has gone already, or may not, stays as it is. */
export const stepBehind = (pid: number | undefined, priority: number): void => {
  if (pid === undefined) return;
  try {
    setPriority(pid, priority);
  } catch {
    // It does the same work as it is.
  }
};
