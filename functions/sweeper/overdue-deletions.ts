import type { QueueDeletion } from '../../shared/deletion/queue.ts';
import { dueAfter } from '../../shared/deletion/request-deletion.ts';
import type { Recordings } from '../../shared/table/recordings.ts';
import { forEach } from './for-each.ts';

export interface OverdueDeletionPorts {
  readonly recordings: Pick<Recordings, 'inWork' | 'replace'>;
  readonly queueDeletion: QueueDeletion;
  now(): Date;
}

/** Of one sweep. Those that are left over are the oldest of the next one. */
const MOST_AT_ONCE = 500;

/** Queues deletions again that should have been done, and those whose storage has been left in peace long enough. */
export const queueOverdueDeletions = async ({
  recordings,
  queueDeletion,
  now,
}: OverdueDeletionPorts): Promise<unknown[]> => {
  const overdue = await recordings.inWork('DELETING', now().toISOString(), MOST_AT_ONCE);
  return forEach(overdue, async (recording) => {
    const { deletion, recordId, revision } = recording;
    if (deletion === undefined) return;
    // Noted first, so that the next sweep does not queue it once more while it is being worked on.
    const next = { ...recording, deletion: { ...deletion, dueAt: dueAfter(now()) }, revision: revision + 1 };
    if (await recordings.replace(next)) await queueDeletion(recordId);
  });
};
