import { isSessionLive } from '../streams/session-live.ts';
import type { Lease, Recorders } from '../table/recorders.ts';
import type { Streams } from '../table/streams.ts';
import { type TransitionPorts, transition } from './transition.ts';

export interface ReclaimPorts extends TransitionPorts {
  readonly recorders: Recorders;
  readonly streams: Streams;
}

/**
 * The work index lags behind the table, and a recorder that was frozen may have claimed a recording just before it
 * learned that it counts as lost. So a lost recorder is looked through for this long before it is forgotten.
 */
const FORGET_AFTER_SECONDS = 60;

/** @returns how many recordings were taken from it; undefined when it is not lost after all */
const reclaimFrom = async (
  ports: ReclaimPorts,
  { recorderId: owner, expiresAt }: Lease,
): Promise<number | undefined> => {
  // A recorder that has just renewed its lease keeps its recordings; one that is marked cannot renew it any more.
  if (!(await ports.recorders.markLost(owner, ports.now()))) return undefined;
  const orphans = await ports.recordings.inWork(`OWNER#${owner}`);
  for (const { recordId } of orphans) {
    const at = ports.now().toISOString();
    await transition(ports, recordId, async (recording) => ({
      type: 'owner.lost',
      owner,
      at,
      sessionLive: await isSessionLive(ports.streams, recording),
    }));
  }
  const overdue = ports.now().getTime() - Date.parse(expiresAt);
  if (orphans.length === 0 && overdue > FORGET_AFTER_SECONDS * 1000) await ports.recorders.remove(owner);
  return orphans.length;
};

/**
 * Takes the recordings of recorders whose lease has run out away from them, so that others go on with them. Safe to
 * repeat and to run in several places at once; a crash leaves the rest for the next time.
 * @returns the recorders that are lost since the last time, with how many recordings were taken from each
 * @throws AggregateError after all were tried
 */
export const reclaim = async (ports: ReclaimPorts): Promise<Map<string, number>> => {
  const taken = new Map<string, number>();
  const failures: unknown[] = [];
  for (const lease of await ports.recorders.expired(ports.now())) {
    try {
      const count = await reclaimFrom(ports, lease);
      if (count !== undefined && (count > 0 || lease.lost !== true)) taken.set(lease.recorderId, count);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) {
    throw new AggregateError(failures, 'Some recordings could not be taken from lost recorders');
  }
  return taken;
};
