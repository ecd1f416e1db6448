import { isSessionLive } from '../streams/session-live.ts';
import type { Lease, Recorders } from '../table/recorders.ts';
import type { Streams } from '../table/streams.ts';
import type { LeaseWatch } from './lease-watch.ts';
import { type TransitionPorts, transition } from './transition.ts';

export interface TakeAwayPorts extends TransitionPorts {
  readonly recorders: Pick<Recorders, 'leases' | 'get' | 'markLost' | 'remove'>;
  readonly streams: Pick<Streams, 'get'>;
}

export interface ReclaimPorts extends TakeAwayPorts {
  /** What was seen of the leases before; the same one for each call that is to know of the earlier ones. */
  readonly leaseWatch: LeaseWatch;
  /** How long a call may wait for a lease to run out that looks as if it would. */
  readonly patienceMs: number;
  wait(milliseconds: number): Promise<unknown>;
}

/**
 * The work index lags behind the table, and a recorder that was frozen may have claimed a recording just before it
 * learned that it counts as lost. So a lost recorder is looked through for this long before it is forgotten. Its clock
 * may make that less, or more; when it was too short, the sweeper finds what was left (`reclaimUnleased`).
 */
const FORGET_AFTER_SECONDS = 60;

const takeAway = async (ports: TakeAwayPorts, recordId: string, owner: string): Promise<void> => {
  const at = ports.now().toISOString();
  await transition(ports, recordId, async (recording) => ({
    type: 'owner.lost',
    owner,
    at,
    sessionLive: await isSessionLive(ports.streams, recording),
  }));
};

/** @returns how many recordings were taken from it; undefined when it is not lost after all */
const reclaimFrom = async (
  ports: ReclaimPorts,
  { recorderId: owner, beat, lost, renewedAt }: Lease,
): Promise<number | undefined> => {
  // A recorder that has just renewed its lease keeps its recordings; one that is marked cannot renew it any more.
  if (lost !== true && !(await ports.recorders.markLost(owner, beat))) return undefined;
  const orphans = await ports.recordings.ownedBy(owner);
  for (const { recordId } of orphans) await takeAway(ports, recordId, owner);
  const overdue = ports.now().getTime() - Date.parse(renewedAt);
  if (orphans.length === 0 && overdue > FORGET_AFTER_SECONDS * 1000) await ports.recorders.remove(owner);
  return orphans.length;
};

const expiredLeases = async (ports: ReclaimPorts): Promise<readonly Lease[]> => {
  const look = async () => ports.leaseWatch.look(await ports.recorders.leases(), ports.now());
  const { expired, suspectInMs } = await look();
  if (suspectInMs === undefined || suspectInMs > ports.patienceMs) return expired;
  await ports.wait(suspectInMs);
  return (await look()).expired;
};

/** Runs all of them; what fails does not keep the others from their turn. @throws AggregateError */
const forEach = async <Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> => {
  const failures: unknown[] = [];
  for (const item of items) await work(item).catch((error: unknown) => failures.push(error));
  if (failures.length > 0) {
    throw new AggregateError(failures, 'Some recordings could not be taken from lost recorders');
  }
};

/**
 * Takes the recordings of recorders whose lease has run out away from them, so that others go on with them. Safe to
 * repeat and to run in several places at once; a crash leaves the rest for the next time.
 * @returns the recorders that are lost since the last time, with how many recordings were taken from each
 * @throws AggregateError after all were tried
 */
export const reclaim = async (ports: ReclaimPorts): Promise<Map<string, number>> => {
  const taken = new Map<string, number>();
  await forEach(await expiredLeases(ports), async (lease) => {
    const count = await reclaimFrom(ports, lease);
    if (count !== undefined && (count > 0 || lease.lost !== true)) taken.set(lease.recorderId, count);
  });
  return taken;
};

/**
 * Takes away the recordings of recorders that have no lease at all, which nobody else looks for. One small query for
 * each lease, and one read for each recording that seems to be of that kind. Safe to repeat.
 * @returns how many were taken
 * @throws AggregateError after all were tried
 */
export const reclaimUnleased = async (ports: TakeAwayPorts): Promise<number> => {
  const leased = (await ports.recorders.leases()).map(({ recorderId }) => recorderId);
  const found = await ports.recordings.ownedByOthersThan(leased);
  let taken = 0;
  await forEach(found, async ({ recordId, owner }) => {
    // The index may not know a new recorder yet; its lease stands in the table before it owns anything.
    if (owner === undefined || (await ports.recorders.get(owner)) !== undefined) return;
    await takeAway(ports, recordId, owner);
    taken += 1;
  });
  return taken;
};
