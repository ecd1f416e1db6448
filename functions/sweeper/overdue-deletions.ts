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

/** What a recording has the deletions function do, by its place in the work index. */
const OWED = [
  ['DELETING', 'deletion'],
  ['UNTIDY', 'untidy'],
] as const;

/**
 * Queues deletions again that should have been done, and those whose storage has been left in peace long enough; and has
 * cleared away what may have been left of recordings that have ended.
 */
export const queueOverdueDeletions = async ({
  recordings,
  queueDeletion,
  now,
}: OverdueDeletionPorts): Promise<unknown[]> => {
  const failures: unknown[] = [];
  for (const [place, obligation] of OWED) {
    const overdue = await recordings.inWork(place, now().toISOString(), MOST_AT_ONCE);
    const failed = await forEach(overdue, async (recording) => {
      const { [obligation]: owed, recordId, revision } = recording;
      if (owed === undefined) return;
      // Noted first, so that the next sweep does not queue it once more while it is being worked on.
      const next = {
        ...recording,
        [obligation]: { ...owed, dueAt: dueAfter(now()) },
        revision: revision + 1,
      };
      if (await recordings.replace(next)) await queueDeletion(recordId);
    });
    failures.push(...failed);
  }
  return failures;
};
