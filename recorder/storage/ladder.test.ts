import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  createMemoryObjectStore,
  type MemoryObjectStore,
  storageFault,
} from '../../shared/storage/memory-object-store.ts';
import type { ObjectStore } from '../../shared/storage/object-store.ts';
import { FencedError } from '../files/ledger.ts';
import { HOLDS, ladderOf, settled } from '../recorder.fixture.ts';
import type { Ladder, LadderOptions } from './ladder.ts';

const ladders: Ladder[] = [];
afterEach(async () => {
  await Promise.all(ladders.splice(0).map((ladder) => ladder.stop()));
});

const fault = () => {
  throw storageFault('unavailable', 'PutObject');
};
const hangs = () => new Promise<void>(() => undefined);

const open = (options: Partial<LadderOptions> = {}) => {
  const [primary, backup, spool] = [
    createMemoryObjectStore(),
    createMemoryObjectStore(),
    createMemoryObjectStore(),
  ];
  const onChange = vi.fn();
  const ladder = ladderOf({ primary, backup, spool }, { onChange, ...options });
  ladders.push(ladder);
  const put = (key: string) =>
    ladder.first(
      ladder.rungs.map((rung) => ({ rung, run: (store: ObjectStore) => store.put(key, Buffer.from('x')) })),
    );
  return {
    primary,
    backup,
    spool,
    ladder,
    onChange,
    put,
    changes: () => onChange.mock.calls.map(([{ location }]) => location),
  };
};
const keys = ({ objects }: MemoryObjectStore) => [...objects.keys()];

describe('A ladder of storages', () => {
  it('uses the best one, and outlives a fault that is shorter than its patience', async () => {
    const { primary, backup, put, ladder, onChange } = open();
    let left = 3;
    primary.before = () => {
      left -= 1;
      if (left >= 0) fault();
    };
    expect((await put('a')).rung.location).toBe('primary');
    expect([keys(primary), keys(backup)]).toEqual([['a'], []]);
    expect(ladder.current().location).toBe('primary');
    expect(onChange).not.toHaveBeenCalled();
  });

  it.each([
    ['answers with faults', fault],
    ['never answers', hangs],
  ])('gives one up that %s, for everything that follows, and says why', async (_, before) => {
    const { primary, backup, put, ladder, onChange } = open();
    primary.before = before;
    expect((await put('a')).rung.location).toBe('backup');
    expect(ladder.current().location).toBe('backup');
    expect(onChange).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ location: 'backup' }),
      expect.objectContaining({ cause: 'storage', code: 'storage-failed' }),
    );
    const asked = primary.calls.length;
    await put('b');
    expect(primary.calls).toHaveLength(asked);
    expect(keys(backup)).toEqual(['a', 'b']);
  });

  it('does not let a late operation through that it has given up', async () => {
    const { primary, put } = open();
    const released = Promise.withResolvers<void>();
    primary.before = () => released.promise;
    await put('a');
    released.resolve();
    await settled();
    expect(keys(primary)).toEqual([]);
  });

  it('comes back to the better one by itself, without leaving anything there', async () => {
    const { primary, put, ladder, changes } = open();
    primary.before = fault;
    await put('a');
    primary.before = undefined;
    await vi.waitFor(() => expect(ladder.current().location).toBe('primary'));
    expect(changes()).toEqual(['backup', 'primary']);
    expect(keys(primary)).toEqual([]);
    expect((await put('b')).rung.location).toBe('primary');
  });

  it('leaves nothing in a storage of which it does not know that it took the last try', async () => {
    const { primary, put, ladder } = open();
    primary.before = fault;
    await put('a');
    primary.before = undefined;
    primary.after = fault;
    await vi.waitFor(() => expect(keys(primary)).toEqual(['work/probe']));
    primary.after = undefined;
    await ladder.stop();
    expect(keys(primary)).toEqual([]);
  });

  it('goes on trying all of them when none answers, and takes the first that does', async () => {
    const { primary, backup, spool, put } = open();
    for (const store of [primary, backup, spool]) store.before = fault;
    const result = put('a');
    for (const { calls } of [primary, backup, spool])
      await vi.waitFor(() => expect(calls.length).toBeGreaterThan(2), { timeout: 5000 });
    spool.before = undefined;
    expect((await result).rung.location).toBe('spool');
  });

  it('names storages that may have done it although they did not say so', async () => {
    const { primary, backup, spool, put } = open();
    primary.before = fault;
    backup.before = () => {
      throw storageFault('denied', 'PutObject');
    };
    spool.after = () => {
      primary.before = undefined;
      fault();
    };
    const { rung, doubtful } = await put('a');
    expect([rung.location, doubtful.map(({ location }) => location)]).toEqual(['primary', ['spool']]);
    expect([primary, spool].map(({ objects }) => objects.has('a'))).toEqual([true, true]);
    spool.after = undefined;
    expect((await put('b')).doubtful).toEqual([]);
  });

  it('writes nothing while it may not, nor when the recording has another owner', async () => {
    const fenced = new AbortController();
    const may = Promise.withResolvers<void>();
    const { primary, put } = open({ signal: fenced.signal, fence: { ...HOLDS, held: () => may.promise } });
    const result = put('a');
    await settled();
    expect(primary.calls).toEqual([]);
    may.resolve();
    await result;
    primary.before = hangs;
    const hanging = put('b');
    fenced.abort();
    await expect(hanging).rejects.toBeInstanceOf(FencedError);
    const asked = primary.calls.length;
    await expect(put('c')).rejects.toBeInstanceOf(FencedError);
    expect(primary.calls).toHaveLength(asked);
  });

  it('breaks off what is under way when its lease is in doubt, and does it again when that holds', async () => {
    let doubt = new AbortController();
    let held = Promise.withResolvers<void>();
    held.resolve();
    const { primary, put, onChange } = open({
      fence: { held: () => held.promise, doubt: () => doubt.signal },
    });
    primary.before = hangs;
    const result = put('a');
    await vi.waitFor(() => expect(primary.calls).toHaveLength(1));
    held = Promise.withResolvers();
    doubt.abort();
    await settled();
    expect(primary.calls).toHaveLength(1);
    primary.before = undefined;
    doubt = new AbortController();
    held.resolve();
    expect((await result).rung.location).toBe('primary');
    expect(onChange).not.toHaveBeenCalled();
  });

  it('hands on what is an answer, and what is a bug', async () => {
    const { primary, put, ladder } = open();
    primary.before = () => {
      throw storageFault('conflict', 'PutObject');
    };
    await expect(put('a')).rejects.toMatchObject({ kind: 'conflict' });
    primary.before = () => {
      throw new TypeError('a bug');
    };
    await expect(put('a')).rejects.toBeInstanceOf(TypeError);
    expect(ladder.current().location).toBe('primary');
  });

  it('stays at one storage when it is told to, for so long', async () => {
    const { primary, ladder } = open();
    primary.before = fault;
    const [rung] = ladder.rungs;
    if (rung === undefined) throw new Error('There is no rung');
    const startedAt = performance.now();
    const run = (store: ObjectStore) => store.put('a', Buffer.from('x'));
    await expect(ladder.at({ rung, run }, 300)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(performance.now() - startedAt).toBeGreaterThan(200);
    expect(ladder.isDown(rung)).toBe(false);
  });
});
