import { LEASE_SECONDS, type Lease } from '../table/recorders.ts';

const LEASE_MS = LEASE_SECONDS * 1000;

/** What one look at the leases has shown. */
export interface LeaseLook {
  /** Those that have run out, and those that somebody has marked lost. */
  readonly expired: readonly Lease[];
  /** Milliseconds until the first of those runs out that look as if they would; undefined when none does. */
  readonly suspectInMs: number | undefined;
}

/**
 * Remembers since when each lease has not been renewed. A lease has run out when it was seen unchanged for as long as a
 * lease is, by the clock of whoever looks: nobody's clock is compared with another's.
 */
export interface LeaseWatch {
  look(leases: readonly Lease[], now: Date): LeaseLook;
}

/**
 * @param monotonicNow milliseconds that rise evenly
 * @param mostGapMs between two looks. When it was longer, the table may have been away, so that nobody could renew
 * anything: what was seen before that counts no more.
 */
export const createLeaseWatch = (
  monotonicNow: () => number,
  mostGapMs = Number.POSITIVE_INFINITY,
): LeaseWatch => {
  let seen = new Map<string, { beat: number; since: number }>();
  let lookedAt = Number.NEGATIVE_INFINITY;

  return {
    look: (leases, now) => {
      const monotonic = monotonicNow();
      const before = monotonic - lookedAt > mostGapMs ? new Map<string, never>() : seen;
      lookedAt = monotonic;
      seen = new Map();
      const expired: Lease[] = [];
      const suspects: number[] = [];
      for (const lease of leases) {
        const known = before.get(lease.recorderId);
        const isUnchanged = known?.beat === lease.beat;
        const since = isUnchanged ? known.since : monotonic;
        seen.set(lease.recorderId, { beat: lease.beat, since });
        const left = since + LEASE_MS - monotonic;
        // Of a lease that was never seen before, only its own word can raise a suspicion.
        const looksOld = Math.abs(now.getTime() - Date.parse(lease.renewedAt)) > LEASE_MS;
        if (lease.lost === true || left <= 0) expired.push(lease);
        else if (isUnchanged || looksOld) suspects.push(left);
      }
      return { expired, suspectInMs: suspects.length === 0 ? undefined : Math.min(...suspects) };
    },
  };
};
