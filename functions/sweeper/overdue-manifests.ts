import type { WorkQueues } from '../../shared/recordings/queues.ts';
import type { Manifests } from '../../shared/table/manifests.ts';
import { forEach } from './for-each.ts';

export interface OverdueManifestPorts {
  readonly manifests: Pick<Manifests, 'due' | 'putOff'>;
  readonly queues: Pick<WorkQueues, 'completion'>;
  now(): Date;
}

/** What is queued should be written by then. */
const QUEUE_SECONDS = 300;
/** Of one sweep. Those that are left over are the oldest of the next one. */
const MOST_AT_ONCE = 500;

/** Queues manifests that their storages have not taken, when those have been left in peace long enough. */
export const queueOverdueManifests = async ({
  manifests,
  queues,
  now,
}: OverdueManifestPorts): Promise<unknown[]> =>
  forEach(await manifests.due(now(), MOST_AT_ONCE), async (owed) => {
    // Noted first, so that the next sweep does not queue it once more while it is being worked on.
    const manifestDueAt = new Date(now().getTime() + QUEUE_SECONDS * 1000).toISOString();
    if (!(await manifests.putOff(owed, manifestDueAt))) return;
    await queues.completion({ recordId: owed.recordId, manifestDueAt });
  });
