import { describe, expect, it } from 'vitest';
import { createMemoryObjectStore, type MemoryObjectStore, storageFault } from './memory-object-store.ts';
import { describeObjectStore } from './object-store.contract.ts';

describeObjectStore('The object store in memory', async () => {
  const peers = new Map<string, MemoryObjectStore>();
  const store = createMemoryObjectStore([], peers);
  peers.set('bucket', store);
  return { store, bucket: 'bucket', close: async () => undefined };
});

describe('Faults of the object store in memory', () => {
  it('happen before an operation, which then does nothing', async () => {
    const store = createMemoryObjectStore();
    store.before = ({ operation }) => {
      if (operation === 'PutObject') throw storageFault('denied', operation, 'AccessDenied');
    };
    await expect(store.put('a', Buffer.from('x'))).rejects.toMatchObject({ kind: 'denied' });
    store.before = undefined;
    expect(await store.get('a')).toBeUndefined();
  });

  it('or after it, when only the answer is lost', async () => {
    const store = createMemoryObjectStore();
    store.after = ({ operation }) => {
      if (operation === 'PutObject') throw storageFault('unavailable', operation);
    };
    await expect(store.put('a', Buffer.from('x'))).rejects.toMatchObject({ kind: 'unavailable' });
    expect((await store.get('a'))?.body.toString()).toBe('x');
    expect(store.calls).toEqual([
      { operation: 'PutObject', key: 'a' },
      { operation: 'GetObject', key: 'a' },
    ]);
  });

  it('never share their bytes with the caller', async () => {
    const store = createMemoryObjectStore();
    const bytes = Buffer.from('x');
    await store.put('a', bytes);
    bytes.fill('y');
    expect((await store.get('a'))?.body.toString()).toBe('x');
  });
});
