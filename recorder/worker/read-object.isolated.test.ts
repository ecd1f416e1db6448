import { expect, it, vi } from 'vitest';
import { createMemoryObjectStore } from '../../shared/storage/memory-object-store.ts';
import type { ByteRange, ObjectStore } from '../../shared/storage/object-store.ts';
import { readObject } from './read-object.ts';

// The pauses come from node:timers/promises, which fake timers do not reach.
vi.mock('node:timers/promises', () => ({ setTimeout: async () => undefined }));

const SIZE = 100;

/** A storage that breaks off each time after so many bytes. */
const breaking = (bytes: number) => {
  const reads: ByteRange[] = [];
  const read: ObjectStore['read'] = async (_, range = { start: 0, length: SIZE }) => {
    reads.push(range);
    const stream = async function* (): AsyncGenerator<Buffer> {
      if (bytes > 0) yield Buffer.alloc(Math.min(bytes, range.length), range.start);
      if (bytes < range.length) throw new Error('ECONNRESET');
    };
    return { stream: stream(), length: range.length };
  };
  return { store: { ...createMemoryObjectStore(), read }, reads };
};

const readAll = async (store: ObjectStore): Promise<number> => {
  let length = 0;
  for await (const chunk of readObject({ store, key: 'a', size: SIZE })) length += chunk.length;
  return length;
};

it('an object is read to its end however often it breaks off, as long as it goes on', async () => {
  const { store, reads } = breaking(10);
  expect(await readAll(store)).toBe(SIZE);
  expect(reads.map(({ start }) => start)).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90]);
});

it('an object that breaks off again and again at the same byte is given up', async () => {
  const { store, reads } = breaking(0);
  await expect(readAll(store)).rejects.toThrow('ECONNRESET');
  expect(reads).toHaveLength(6);
});
