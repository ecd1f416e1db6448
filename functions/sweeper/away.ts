import { isAway, queuedAt } from '../../shared/home/away.ts';
import type { WorkQueues } from '../../shared/recordings/queues.ts';
import type { Files } from '../../shared/table/files.ts';
import { forEach } from './for-each.ts';

export interface AwayPorts {
  readonly files: Pick<Files, 'away' | 'replace'>;
  readonly queues: Pick<WorkQueues, 'uploadRetry'>;
  now(): Date;
}

/** Of one sweep. Those that are left over are the oldest of the next one. */
const MOST_AT_ONCE = 500;

/** Queues files that are to be brought home, when their storage has been left in peace long enough. */
export const queueAway = async ({ files, queues, now }: AwayPorts): Promise<unknown[]> => {
  const due = await files.away(now().toISOString(), MOST_AT_ONCE);
  return forEach(due, async (file) => {
    if (!isAway(file)) return;
    // Noted first, so that the next sweep does not queue it once more while it is being worked on.
    const queued = queuedAt(file, now());
    if (!(await files.replace(queued, file))) return;
    const { recordId, fileId, away } = queued;
    await queues.uploadRetry({ recordId, fileId, dueAt: away.dueAt });
  });
};
