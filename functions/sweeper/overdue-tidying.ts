import type { QueueDeletion } from '../../shared/deletion/queue.ts';
import { dueAfter } from '../../shared/deletion/request-deletion.ts';
import type { Recordings } from '../../shared/table/recordings.ts';
import { forEach } from './for-each.ts';

export interface OverdueTidyingPorts {
  readonly recordings: Pick<Recordings, 'inWork' | 'replace'>;
  readonly queueDeletion: QueueDeletion;
  now(): Date;
}

/** Of one sweep: nobody waits for it. */
const MOST_AT_ONCE = 500;

/** Has cleared away what may have been left of recordings that have ended. */
export const queueOverdueTidying = async ({
  recordings,
  queueDeletion,
  now,
}: OverdueTidyingPorts): Promise<unknown[]> => {
  const overdue = await recordings.inWork('UNTIDY', now().toISOString(), MOST_AT_ONCE);
  return forEach(overdue, async (recording) => {
    const { untidy, recordId, revision } = recording;
    if (untidy === undefined) return;
    // Noted first, so that the next sweep does not queue it once more while it is being worked on.
    const next = { ...recording, untidy: { ...untidy, dueAt: dueAfter(now()) }, revision: revision + 1 };
    if (await recordings.replace(next)) await queueDeletion(recordId);
  });
};
