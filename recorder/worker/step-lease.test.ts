import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { holdLease, LEASE_SECONDS, type LeaseOptions } from './step-lease.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const hold = (renew: LeaseOptions['renew']) => {
  const [failures, asked] = [[] as unknown[], vi.fn(renew)];
  const lease = holdLease({ renew: asked, onFailure: (cause) => void failures.push(cause) });
  return { lease, failures, asked };
};

describe('The lease of a step', () => {
  it('is given up when it has run out while the table answers nothing at all', async () => {
    const { lease, asked } = hold(() => new Promise(() => undefined));
    await vi.advanceTimersByTimeAsync(LEASE_SECONDS * 1000 - 1);
    expect(lease.lost.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(lease.lost.aborted).toBe(true);
    const calls = asked.mock.calls.length;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toHaveBeenCalledTimes(calls);
  });

  it('is given up when it has run out while the table fails', async () => {
    const { lease, failures } = hold(() => Promise.reject(new Error('away')));
    await vi.advanceTimersByTimeAsync(LEASE_SECONDS * 1000);
    expect(lease.lost.aborted).toBe(true);
    expect(failures).toHaveLength(5);
  });

  it('outlives renewals that fail as long as one in time gets through', async () => {
    let asked = 0;
    const { lease } = hold(async () => {
      asked += 1;
      if (asked % 4 > 0) throw new Error('away');
      return true;
    });
    await vi.advanceTimersByTimeAsync(600_000);
    expect(lease.lost.aborted).toBe(false);
    lease.letGo();
  });

  it('is lost at once when somebody else has it', async () => {
    const { lease } = hold(async () => false);
    await vi.advanceTimersByTimeAsync(5000);
    expect(lease.lost.aborted).toBe(true);
  });
});
