import { setTimeout as wait } from 'node:timers/promises';
import { type ByteRange, type ObjectStore, StorageError } from '../../shared/storage/object-store.ts';
import { StepError } from './step-error.ts';

const PAUSE_MS = 1000;
/** Without a byte between. */
const MOST_BREAKS = 5;

/**
 * The bytes of an object, or some of them. Goes on where it was when the connection breaks.
 * @throws StepError when there is no such object, StorageError
 */
export async function* readObject(
  { store, key, size }: { readonly store: ObjectStore; readonly key: string; readonly size: number },
  range: ByteRange = { start: 0, length: size },
): AsyncGenerator<Buffer> {
  let done = 0;
  for (let breaks = 0; done < range.length; ) {
    try {
      const rest = { start: range.start + done, length: range.length - done };
      const body = await store.read(key, rest);
      if (body === undefined) throw new StepError('input-missing');
      for await (const chunk of body.stream) {
        done += chunk.length;
        breaks = 0;
        yield chunk;
      }
      if (done < range.length) throw new Error(`The storage sent ${done} of ${range.length} bytes`);
    } catch (error) {
      const isLost =
        error instanceof StepError || (error instanceof StorageError && error.kind !== 'unavailable');
      breaks += 1;
      if (isLost || breaks > MOST_BREAKS) throw error;
      await wait(PAUSE_MS);
    }
  }
}

/**
 * Several objects as one stream. The next one is asked for while one is still being read: otherwise ffmpeg would wait for
 * the first byte of each.
 */
export async function* readAhead(
  objects: readonly { readonly store: ObjectStore; readonly key: string; readonly size: number }[],
): AsyncGenerator<Buffer> {
  const begin = (index: number) => {
    const object = objects[index];
    if (object === undefined) return undefined;
    const chunks = readObject(object);
    const first = chunks.next();
    // Whoever never comes to it must not be ended by its failure.
    first.catch(() => undefined);
    return { chunks, first };
  };
  let current = begin(0);
  let next: typeof current;
  try {
    for (let index = 1; current !== undefined; index += 1) {
      next = begin(index);
      const { value, done } = await current.first;
      if (done !== true) {
        yield value;
        yield* current.chunks;
      }
      current = next;
      next = undefined;
    }
  } finally {
    await Promise.allSettled([current?.chunks.return(undefined), next?.chunks.return(undefined)]);
  }
}
