import { type DeletionRequestPorts, requestDeletion } from '../../shared/deletion/request-deletion.ts';
import { forEach } from './for-each.ts';

/** Of one sweep: what expires at once was recorded at once, and nobody waits for it. */
const MOST_AT_ONCE = 500;

/** Has the objects of recordings deleted whose retention time is over. The records of them stay. */
export const expireRetained = async (ports: DeletionRequestPorts): Promise<unknown[]> => {
  const due = await ports.recordings.inWork('RETENTION', ports.now().toISOString(), MOST_AT_ONCE);
  return forEach(due, ({ recordId }) => requestDeletion(ports, recordId, { objects: true, record: false }));
};
