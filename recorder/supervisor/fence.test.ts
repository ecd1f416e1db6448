import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LEASE_SECONDS } from '../../shared/table/recorders.ts';
import { createFence } from './fence.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A fence, its clock, and a process that can be frozen: then time passes and no timer runs. */
const build = () => {
  let now = 0;
  const fence = createFence(() => now);
  const freeze = (milliseconds: number): void => {
    now += milliseconds;
  };
  const pass = (milliseconds: number) => {
    now += milliseconds;
    return vi.advanceTimersByTimeAsync(milliseconds);
  };
  const beat = (): void => fence.confirmed(now);
  const isHeld = async (): Promise<boolean> => {
    let held = false;
    void fence.held().then(() => {
      held = true;
    });
    await vi.advanceTimersByTimeAsync(0);
    return held;
  };
  return { fence, freeze, pass, beat, isHeld };
};

describe('The fence of a recorder', () => {
  it('is open while the last heartbeat that the table confirmed was sent well within the lease', async () => {
    const { pass, beat, isHeld } = build();
    expect(await isHeld()).toBe(false);
    beat();
    await pass(5900);
    expect(await isHeld()).toBe(true);
    await pass(200);
    expect(await isHeld()).toBe(false);
  });

  it('counts from when a heartbeat was sent, not from its answer', async () => {
    const { fence, pass, isHeld } = build();
    await pass(10_000);
    fence.confirmed(3000);
    expect(await isHeld()).toBe(false);
  });

  it('lets what waits go on with the next heartbeat that is confirmed, and only then', async () => {
    const { fence, pass, beat } = build();
    const gone = vi.fn();
    void fence.held().then(gone);
    fence.confirmed(-10_000);
    await pass(60_000);
    expect(gone).not.toHaveBeenCalled();
    beat();
    await pass(0);
    expect(gone).toHaveBeenCalled();
  });

  it('breaks off what is under way before anybody can have taken over', async () => {
    const { fence, pass, beat } = build();
    beat();
    const signal = fence.doubt();
    await pass(5900);
    expect(signal.aborted).toBe(false);
    await pass(LEASE_SECONDS * 1000 - 5900 - 1000);
    expect(signal.aborted).toBe(true);
  });

  it('breaks off what was under way when the process was frozen, as soon as it wakes', async () => {
    const { fence, freeze, beat, isHeld } = build();
    beat();
    const signal = fence.doubt();
    freeze(20_000);
    expect(await isHeld()).toBe(false);
    await vi.advanceTimersByTimeAsync(250);
    expect(signal.aborted).toBe(true);
  });

  it('lets what is begun after a doubt has passed come to its end', async () => {
    const { fence, freeze, pass, beat } = build();
    beat();
    freeze(20_000);
    await vi.advanceTimersByTimeAsync(250);
    beat();
    await fence.held();
    const signal = fence.doubt();
    await pass(1000);
    expect(signal.aborted).toBe(false);
  });
});
