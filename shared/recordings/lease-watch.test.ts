import { describe, expect, it } from 'vitest';
import type { Lease } from '../table/recorders.ts';
import { createLeaseWatch } from './lease-watch.ts';

const START = Date.parse('2026-11-22T10:00:00.000Z');

/** A watch whose clock, and that of the wall, are moved by hand. */
const start = (clockErrorSeconds = 0, mostGapSeconds?: number) => {
  let seconds = 0;
  const watch = createLeaseWatch(() => seconds * 1000, mostGapSeconds && mostGapSeconds * 1000);
  const lease = (beat: number, changes: Partial<Lease> = {}): Lease => ({
    recorderId: 'rcd_1',
    beat,
    renewedAt: new Date(START + (seconds + clockErrorSeconds) * 1000).toISOString(),
    slots: 20,
    busy: 0,
    commands: {},
    ...changes,
  });
  const look = (at: number, ...leases: Lease[]) => {
    seconds = at;
    const { expired, suspectInMs } = watch.look(leases, new Date(START + seconds * 1000));
    return { expired: expired.map(({ recorderId }) => recorderId), suspectInMs };
  };
  return { lease, look };
};

describe('A watch over leases', () => {
  it('takes a lease for run out when it has seen it unchanged for eight seconds', () => {
    const { lease, look } = start();
    const last = lease(7);
    expect(look(0, last)).toEqual({ expired: [], suspectInMs: undefined });
    expect(look(4, last)).toEqual({ expired: [], suspectInMs: 4000 });
    expect(look(7.99, last)).toEqual({ expired: [], suspectInMs: expect.closeTo(10, 5) });
    expect(look(8, last).expired).toEqual(['rcd_1']);
  });

  it.each([-60, 0, 60])('is not moved by a clock that is wrong by %i seconds', (error) => {
    const { lease, look } = start(error);
    for (let second = 0; second < 40; second += 4) {
      const renewed = lease(second);
      expect(look(second, renewed).expired).toEqual([]);
    }
    const last = lease(40);
    look(40, last);
    expect(look(47, last).expired).toEqual([]);
    expect(look(48, last).expired).toEqual(['rcd_1']);
  });

  it('begins anew with each heartbeat, also after it has stood still itself', () => {
    const { lease, look } = start();
    look(0, lease(1));
    expect(look(60, lease(2)).expired).toEqual([]);
    expect(look(64, lease(3)).expired).toEqual([]);
  });

  it('suspects a lease that it has never seen before only by what that says of itself', () => {
    const { lease, look } = start();
    const old = lease(1);
    expect(look(9, old).suspectInMs).toBe(8000);
    expect(look(17, old).expired).toEqual(['rcd_1']);
    const ahead = start(60);
    expect(ahead.look(0, ahead.lease(1)).suspectInMs).toBe(8000);
  });

  it('needs no time for a lease that was marked lost', () => {
    const { lease, look } = start();
    expect(look(0, lease(1, { lost: true }))).toEqual({ expired: ['rcd_1'], suspectInMs: undefined });
  });

  it('counts nothing from before a gap in which nobody could renew anything', () => {
    const { lease, look } = start(0, 6);
    const last = lease(1);
    look(0, last);
    look(4, last);
    expect(look(16, last)).toEqual({ expired: [], suspectInMs: 8000 });
    expect(look(20, last).expired).toEqual([]);
    expect(look(24, last).expired).toEqual(['rcd_1']);
  });

  it('forgets leases that are gone', () => {
    const { lease, look } = start();
    const last = lease(1);
    look(0, last);
    look(4);
    expect(look(9, last).expired).toEqual([]);
  });
});
