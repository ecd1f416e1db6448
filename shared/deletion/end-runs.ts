import { together } from '../home/together.ts';
import { decide } from '../post-processing/machine.ts';
import { orphansOf, type QueueStop } from '../post-processing/queue.ts';
import type { Run } from '../schemas/post-processing.ts';
import type { Runs } from '../table/runs.ts';

export interface EndRunsPorts {
  readonly runs: Pick<Runs, 'get' | 'page' | 'replace'>;
  readonly queueStop: QueueStop;
  now(): Date;
}

/** Runs worked on at once. */
const CONCURRENCY = 8;

/** A run of which nothing goes on, or is begun any more; undefined when it is gone. */
const cancelRun = async ({ runs, now }: EndRunsPorts, known: Run): Promise<Run | undefined> => {
  const { recordId, runId } = known;
  for (let run: Run | undefined = known; run !== undefined; run = await runs.get(recordId, runId)) {
    const decision = decide(run, { type: 'cancel', at: now().toISOString() });
    if (decision.type === 'ignored') return run;
    if (await runs.replace(decision.next)) return decision.next;
  }
  return undefined;
};

/**
 * Has nothing more made of a recording. Whoever is still at it finds that out, and removes what comes after this. No storage
 * is asked. @returns its runs
 */
export const endRuns = async (ports: EndRunsPorts, recordId: string): Promise<Run[]> => {
  const { items } = await ports.runs.page(recordId);
  const ended: Run[] = [];
  await together(CONCURRENCY, items, async (item) => {
    const run = await cancelRun(ports, item);
    if (run === undefined) return;
    // When the run is forgotten nobody could find out any more what others go on with.
    for (const orphan of orphansOf(run)) await ports.queueStop(orphan);
    ended.push(run);
  });
  return ended;
};
