import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Order, Played, Report } from './played.ts';

const CASE_PROCESS = fileURLToPath(new URL('./case-process.ts', import.meta.url));

/** Far more than the longest case takes. */
const MOST_MS = 30 * 60_000;
/** To stop in order. */
const GRACE_MS = 60_000;

const running = new Set<ChildProcess>();
let stopping = false;

/** Plays a case in a process of its own: what runs into a fault there, or fills its memory, leaves the others alone. */
export const playCase = (order: Order, say: (line: string) => void): Promise<Played> =>
  new Promise((resolve) => {
    const child = fork(CASE_PROCESS, [JSON.stringify(order)], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    running.add(child);
    const late = setTimeout(() => child.kill('SIGTERM'), MOST_MS);
    const last = setTimeout(() => child.kill('SIGKILL'), MOST_MS + GRACE_MS);
    let played: Played | undefined;
    let printed = '';
    const read = (chunk: Buffer): void => {
      printed += chunk.toString();
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.on('message', (report: Report) => {
      if (report.type === 'said') say(report.line);
      else played = report;
    });
    child.once('close', (code, signal) => {
      running.delete(child);
      clearTimeout(late);
      clearTimeout(last);
      const how = signal ?? `exit code ${code}`;
      resolve(
        played ?? { type: 'failed', message: `The case's process ended (${how}): ${printed.slice(-2000)}` },
      );
    });
  });

/** Has everything that is being played stop in order, and waits for it. */
export const stopPlaying = async (): Promise<void> => {
  stopping = true;
  await Promise.all(
    [...running].map(
      (child) =>
        new Promise((resolve) => {
          child.once('close', resolve);
          child.kill('SIGTERM');
        }),
    ),
  );
};

/** Works through all items, so many at once, until playing is stopped. @returns the results in the order of the items */
export const inParallel = async <Item, Result>(
  items: readonly Item[],
  most: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> => {
  const results: Result[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) {
      if (stopping) return;
      results[index] = await work(item);
    }
  };
  await Promise.all(Array.from({ length: most }, worker));
  return results;
};
