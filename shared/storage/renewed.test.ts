import { describe, expect, it } from 'vitest';
import { StorageError } from './object-store.ts';
import { createRenewed } from './renewed.ts';

const MINUTE = 60_000;

const world = (lifetimeMs?: number) => {
  let time = 0;
  let fetched = 0;
  let failure: Error | undefined;
  const get = createRenewed(
    async () => {
      fetched += 1;
      if (failure !== undefined) throw failure;
      return {
        number: fetched,
        ...(lifetimeMs === undefined ? {} : { expiration: new Date(time + lifetimeMs) }),
      };
    },
    { afterMs: 10 * MINUTE, now: () => time },
  );
  return {
    number: async () => (await get()).number,
    pass: (ms: number) => {
      time += ms;
    },
    fail: (kind: 'denied' | 'unavailable' | undefined) => {
      failure = kind && new StorageError(kind, 'AssumeRole', 'AssumeRole: no');
    },
    fetched: () => fetched,
  };
};

describe('What is renewed', () => {
  it('is fetched once for all who ask at the same time, and again when it is old', async () => {
    const { number, pass } = world();
    expect(await Promise.all([number(), number(), number()])).toEqual([1, 1, 1]);
    pass(10 * MINUTE - 1);
    expect(await number()).toBe(1);
    pass(1);
    expect(await number()).toBe(2);
  });

  it('is given out for as long as it works, when it cannot be fetched for the moment', async () => {
    const { number, pass, fail, fetched } = world(60 * MINUTE);
    await number();
    pass(11 * MINUTE);
    fail('unavailable');
    expect([await number(), await number(), fetched()]).toEqual([1, 1, 2]);
    pass(MINUTE);
    expect([await number(), fetched()]).toEqual([1, 3]);
    pass(48 * MINUTE);
    await expect(number()).rejects.toMatchObject({ kind: 'unavailable' });
    fail(undefined);
    expect(await number()).toBe(5);
  });

  it('is not given out when it has been taken back', async () => {
    const { number, pass, fail } = world();
    await number();
    pass(10 * MINUTE);
    fail('denied');
    await expect(number()).rejects.toMatchObject({ kind: 'denied' });
  });

  it('is fetched earlier when it expires before it is old', async () => {
    const { number, pass } = world(5 * MINUTE);
    await number();
    pass(5 * MINUTE - 31_000);
    expect(await number()).toBe(1);
    pass(1000);
    expect(await number()).toBe(2);
  });
});
