import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCopier, OutOfTimeError, type Spot } from '../../shared/home/copy.ts';
import type { Copy } from '../../shared/schemas/recording.ts';
import type { Bucket } from '../../shared/schemas/storage.ts';
import { createObjectStore, s3ClientFor } from '../../shared/storage/s3-object-store.ts';
import { type StorageWorld, startStorageWorld } from '../support/storage-world.ts';

const MIB = 1024 * 1024;
const BODY = randomBytes(17 * MIB + 5);
const ABOUT = { contentType: 'video/mp4', cacheControl: 'no-cache', metadata: { 'duration-seconds': '9.5' } };
const limits = { singleBytes: 6 * MIB, partBytes: 6 * MIB, concurrency: 2 };

let world: StorageWorld;
let own: Bucket;
let foreign: Bucket;
let number = 0;

beforeAll(async () => {
  world = await startStorageWorld();
  await world.makeBucket('home');
  own = { bucket: 'home', region: 'us-east-1' };
  foreign = { bucket: 'media', region: 'us-east-1', endpoint: world.foreign.url, forcePathStyle: true };
});
afterAll(() => world.close());

const spotIn = (bucket: Bucket, key: string): Spot => {
  const identify = bucket === foreign ? async () => world.foreignKeys : undefined;
  return { bucket, key, store: createObjectStore(bucket, s3ClientFor(bucket, { identify })) };
};
/** A source with an object of `size` bytes, and where it is to go. */
const make = async (source: Bucket, size: number) => {
  number += 1;
  const [from, to] = [spotIn(source, `from/ü ${number}.mp4`), spotIn(own, `to/ü ${number}.mp4`)];
  await from.store.put(from.key, BODY.subarray(0, size), ABOUT);
  let copy: Copy | undefined;
  const progress = {
    get copy() {
      return copy;
    },
    note: async (begun: Copy) => {
      copy = begun;
    },
  };
  return { from, to, progress };
};

describe.each([
  ['the same provider', () => ({ ...own, bucket: 'media' })],
  ['another provider', () => foreign],
] as const)('Copies from %s', (_, source) => {
  it.each([1000, BODY.length])(
    'are what was copied, with all that was said of it: %i bytes',
    async (size) => {
      const { from, to, progress } = await make(source(), size);
      await createCopier({ limits, hasTime: () => true }).copyObject(from, to, progress);
      expect((await to.store.get(to.key))?.body.equals(BODY.subarray(0, size))).toBe(true);
      expect(await to.store.head(to.key)).toMatchObject({ size, ...ABOUT });
      expect(progress.copy === undefined).toBe(size === 1000);
    },
  );

  it('go on with the parts that are there', async () => {
    const { from, to, progress } = await make(source(), BODY.length);
    let steps = 2;
    const hasTime = (): boolean => {
      steps -= 1;
      return steps >= 0;
    };
    const first = createCopier({ limits, hasTime }).copyObject(from, to, progress);
    await expect(first).rejects.toBeInstanceOf(OutOfTimeError);
    const uploadId = progress.copy?.uploadId ?? '';
    expect(await to.store.listParts(to.key, uploadId)).toHaveLength(1);
    await createCopier({ limits, hasTime: () => true }).copyObject(from, to, progress);
    expect(progress.copy?.uploadId).toBe(uploadId);
    expect((await to.store.get(to.key))?.body.equals(BODY)).toBe(true);
    expect(await to.store.listParts(to.key, uploadId)).toBeUndefined();
  });
});

describe('A storage of AWS', () => {
  it('keeps a checksum of the whole, also of what came in parts, so that copies need not be read', async () => {
    const { from, to, progress } = await make({ ...own, bucket: 'media' }, BODY.length);
    await createCopier({ limits, hasTime: () => true }).copyObject(from, to, progress);
    const [one, other] = [await from.store.head(from.key), await to.store.head(to.key)];
    expect(one?.crc32).toMatch(/^[\w+/]{6}==$/);
    expect(other?.crc32).toBe(one?.crc32);
    expect(other?.etag).toMatch(/-3"$/);
  });
});
