import { type RunPorts, transitionRun } from '../../shared/post-processing/transition.ts';
import type { WorkQueues } from '../../shared/recordings/queues.ts';
import { forEach } from './for-each.ts';

export interface OverdueRunPorts extends Omit<RunPorts, 'queues'> {
  readonly queues: WorkQueues;
  now(): Date;
}

/** Of one sweep. Those that are left over are the oldest of the next one. */
const MOST_AT_ONCE = 1000;

/** Queues steps again whose job was lost, and takes them from workers whose lease has run out. */
export const lookAfterRuns = async (ports: OverdueRunPorts): Promise<unknown[]> => {
  const now = ports.now();
  const overdue = await ports.runs.overdue(now, MOST_AT_ONCE);
  return forEach(overdue, (run) => transitionRun(ports, run, { type: 'looked', at: now.toISOString() }));
};
