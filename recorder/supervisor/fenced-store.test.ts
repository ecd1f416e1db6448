import { describe, expect, it } from 'vitest';
import { createMemoryObjectStore } from '../../shared/storage/memory-object-store.ts';
import { settled } from '../recorder.fixture.ts';
import { fencedStore } from './fenced-store.ts';

/** A bucket behind a fence that is opened and shut by hand. */
const build = () => {
  const memory = createMemoryObjectStore();
  let held = Promise.resolve();
  let doubt = new AbortController();
  const store = fencedStore(memory, { held: () => held, doubt: () => doubt.signal });
  /** Nobody knows any more whether the lease holds. @returns says that it does */
  const shut = (): (() => void) => {
    doubt.abort();
    const { promise, resolve } = Promise.withResolvers<void>();
    held = promise;
    return () => {
      doubt = new AbortController();
      resolve();
    };
  };
  return { memory, store, shut };
};

describe('A bucket behind the fence of a recorder', () => {
  it('is the bucket itself while the lease holds', async () => {
    const { memory, store } = build();
    await store.put('a', Buffer.from('x'));
    const uploadId = await store.createUpload('b', 'video/mp4');
    await store.uploadPart('b', uploadId, 1, Buffer.from('y'));
    const parts = (await store.listParts('b', uploadId)) ?? [];
    await store.completeUpload('b', uploadId, parts);
    expect([...memory.objects.keys()]).toEqual(['a', 'b']);
    expect(await store.get('b')).toMatchObject({ body: Buffer.from('y') });
  });

  it('is not touched while the lease is in doubt, and then is', async () => {
    const { memory, store, shut } = build();
    const open = shut();
    const put = store.put('a', Buffer.from('x'));
    await settled();
    expect(memory.calls).toEqual([]);
    open();
    await put;
    expect([...memory.objects.keys()]).toEqual(['a']);
  });

  it('gets no object of what was under way when the lease became doubtful', async () => {
    const { memory, store, shut } = build();
    const slow = Promise.withResolvers<void>();
    memory.before = () => slow.promise;
    const put = store.put('a', Buffer.from('x'));
    await settled();
    shut();
    await expect(put).rejects.toMatchObject({ kind: 'unavailable' });
    slow.resolve();
    await settled();
    expect(memory.objects.size).toBe(0);
  });

  it('asks again for each operation, also through a narrower bucket', async () => {
    const { memory, store, shut } = build();
    const narrow = store.within(new AbortController().signal);
    await narrow.put('a', Buffer.from('x'));
    shut();
    void narrow.put('b', Buffer.from('x'));
    await settled();
    expect([...memory.objects.keys()]).toEqual(['a']);
  });
});
