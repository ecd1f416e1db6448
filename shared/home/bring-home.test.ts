import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { segmentMetadata } from '../closing/hls-journal.ts';
import {
  durationMetadata,
  strayHeadKey,
  strayHeadMetadata,
  strayPartKey,
  tailMetadata,
  workFolder,
} from '../closing/media-journal.ts';
import { parsePlaylist } from '../hls/parse-playlist.ts';
import { renderPlaylist } from '../hls/playlist.ts';
import type { Journal, RecordingFile } from '../schemas/recording.ts';
import { type MemoryObjectStore, type StoreCall, storageFault } from '../storage/memory-object-store.ts';
import { StorageError } from '../storage/object-store.ts';
import { OutOfTimeError } from './copy.ts';
import { LostError } from './hold.ts';
import { AT, awayAt, createHomeWorld, type HomeWorld, PLAN } from './home.fixture.ts';

const PART = 1024;
const MEDIA = randomBytes(PART * 6 + 234);
const INITIAL_HEAD = Buffer.from('<initial>');
const SPOOL_KEY = 'rec_1/f1.mp4';
const ABOUT = { contentType: 'video/mp4', cacheControl: 'no-cache', metadata: durationMetadata(9.5) };
const LIMITS = { singleBytes: PART, partBytes: PART, concurrency: 3 };

const fileOf = (more: Partial<RecordingFile> = {}): RecordingFile => ({
  recordId: 'rec_1',
  fileId: 'f1',
  format: 'mp4',
  bucket: 'recordings',
  key: 'a/one.mp4',
  state: 'ready',
  location: 'primary',
  sizeBytes: MEDIA.length,
  durationSeconds: 9.5,
  startedAt: AT,
  readyAt: AT,
  epoch: 4,
  ...more,
});
const FOLDER = workFolder(fileOf());
const JOURNAL: Journal = {
  initialHead: INITIAL_HEAD.toString('base64'),
  heldKey: `${FOLDER}held`,
  tailKey: `${FOLDER}tail`,
};
const IN_SPOOL: Partial<RecordingFile> = {
  ...{ location: 'spool', bucket: 'spool', key: SPOOL_KEY, homeKey: 'a/one.mp4' },
  away: awayAt('spool'),
};
const IN_BACKUP: Partial<RecordingFile> = {
  ...{ location: 'backup', bucket: 'backup', key: 'a/one.mp4' },
  away: awayAt('backup'),
};

const contentsOf = ({ stores }: HomeWorld): string[][] =>
  stores.map(({ objects, uploads }) => [...objects.keys(), ...[...uploads.values()].map(({ key }) => key)]);

/** Runs it again after each crash, until it is done; the world is crashed at its `last`-th operation first. */
const untilDone = async (world: HomeWorld, last: number, when: 'before' | 'after'): Promise<boolean> => {
  let left = last;
  const crash = ({ operation }: StoreCall): void => {
    left -= 1;
    if (left === -1) throw storageFault('denied', operation, 'AccessDenied');
  };
  const first = world.files.item('f1').state === 'recording';
  const run = () => (first ? world.close(world.recording, 'f1') : world.bring('f1'));
  for (const store of world.stores) store[when] = crash;
  const crashed = await run().then(
    () => false,
    (error: unknown) => {
      if (!(error instanceof StorageError)) throw error;
      return true;
    },
  );
  for (const store of world.stores) store[when] = undefined;
  if (crashed) {
    if (world.files.item('f1').state === 'recording') await world.close(world.recording, 'f1');
    else await world.bring('f1');
  }
  return crashed || left >= -1;
};

/** Every write to the primary storage meanwhile, after which somebody has deleted the file and its objects. */
const deletedEverywhere = async (
  make: () => Promise<HomeWorld>,
  check: (world: HomeWorld, operation: string) => void,
): Promise<void> => {
  const isWrite = ({ operation }: StoreCall) => /^(Put|Copy|Create|Upload|Complete)/.test(operation);
  for (let nth = 1; ; nth += 1) {
    const world = await make();
    let writes = 0;
    let deletedAt: string | undefined;
    world.primary.after = async (call) => {
      if (!isWrite(call)) return;
      writes += 1;
      if (writes !== nth) return;
      deletedAt = call.operation;
      await world.files.remove('rec_1', 'f1');
      for (const store of world.stores) await store.deleteMany([...store.objects.keys()]);
    };
    const bringing = world.bring('f1');
    if (nth === 1) await expect(bringing).rejects.toBeInstanceOf(LostError);
    else await bringing.catch((error: unknown) => expect(error).toBeInstanceOf(LostError));
    if (deletedAt === undefined) return;
    check(world, deletedAt);
  }
};

/** Every way to crash, and how the world must be after it. */
const crashingEverywhere = async (
  make: () => Promise<HomeWorld>,
  check: (world: HomeWorld) => void,
): Promise<void> => {
  for (const when of ['before', 'after'] as const) {
    for (let last = 0; last < 200; last += 1) {
      const world = await make();
      const calls = () => world.stores.reduce((sum, store) => sum + store.calls.length, 0);
      const before = calls();
      await untilDone(world, last, when);
      check(world);
      if (calls() - before < last) return;
    }
  }
  throw new Error('There was no end to it');
};

describe.each([
  ['the spool, which is of the same provider', IN_SPOOL, 'spool'],
  ['the backup, which is of another one', IN_BACKUP, 'backup'],
] as const)('A file in %s', (_, changes, location) => {
  const make = async (size = MEDIA.length, limits = LIMITS): Promise<HomeWorld> => {
    const world = createHomeWorld(fileOf(changes), limits);
    const store = world[location];
    await store.put(changes.key ?? '', MEDIA.subarray(0, size), ABOUT);
    await store.put(JOURNAL.heldKey, Buffer.from('held'));
    await world.primary.put(JOURNAL.tailKey, Buffer.from('tail'));
    return world;
  };
  const expectHome = (world: HomeWorld, size: number): void => {
    const home = world.primary.objects.get('a/one.mp4');
    expect(home?.body.equals(MEDIA.subarray(0, size))).toBe(true);
    expect(home).toMatchObject(ABOUT);
    expect(contentsOf(world)).toEqual([['a/one.mp4'], [], []]);
    const file = world.files.item('f1');
    expect(file).toMatchObject({
      location: 'primary',
      bucket: 'recordings',
      key: 'a/one.mp4',
      locatedAt: AT,
    });
    expect(file).not.toHaveProperty('away');
    expect(file).not.toHaveProperty('homeKey');
  };

  it('comes home with all that was said of it, and is told of once', async () => {
    const world = await make(1000);
    await world.bring('f1');
    expectHome(world, 1000);
    expect(world.announced).toMatchObject([
      { type: 'file.moved', noticeId: `file.moved.f1.primary.${AT}`, file: { location: 'primary' } },
    ]);
    expect(world.told).toEqual([]);
    expect(await world.bring('f1')).toBeUndefined();
  });

  it('comes home after a crash at any operation', async () => {
    await crashingEverywhere(
      () => make(1000),
      (world) => expectHome(world, 1000),
    );
  });

  it('comes home in parts when it is large, after a crash at any operation', {
    timeout: 60_000,
  }, async () => {
    const size = 2 * PART + 7;
    await crashingEverywhere(
      () => make(size),
      (world) => expectHome(world, size),
    );
  });

  it('goes on in the next run with the parts that are there', async () => {
    const world = await make();
    // One step for the copy, and one for each of four of its seven parts.
    world.steps = 5;
    await expect(world.bring('f1')).rejects.toBeInstanceOf(OutOfTimeError);
    const { uploadId } = world.files.item('f1').away?.copy ?? { uploadId: '' };
    expect(world.primary.uploads.get(uploadId)?.parts.size).toBe(4);
    expect(world[location].objects.has(changes.key ?? '')).toBe(true);
    const before = world.primary.calls.length;
    world.steps = Number.POSITIVE_INFINITY;
    await world.bring('f1');
    expectHome(world, MEDIA.length);
    const later = world.primary.calls.slice(before).map(({ operation }) => operation);
    const copied = later.filter((operation) => operation === 'UploadPart' || operation === 'UploadPartCopy');
    expect(copied).toHaveLength(3);
    expect(later).not.toContain('CreateMultipartUpload');
  });

  it.each([
    ['at once', PART],
    ['in parts', 2 * PART + 7],
  ])('leaves nothing at home when it is deleted while it is copied %s', async (_, size) => {
    const operations = new Set<string>();
    await deletedEverywhere(
      () => make(size),
      (world, operation) => {
        operations.add(operation);
        expect(contentsOf(world)[0]).toEqual([]);
      },
    );
    expect(operations.size).toBeGreaterThanOrEqual(size > PART ? 3 : 1);
  });

  it('comes home however often time runs out, also while it is compared', async () => {
    const large = randomBytes(80 * PART);
    const world = createHomeWorld(fileOf({ ...changes, sizeBytes: large.length }), LIMITS);
    for (const store of world.stores) store.checksums = false;
    await world[location].put(changes.key ?? '', large, ABOUT);
    let runs = 0;
    for (let isHome = false; !isHome && runs < 10; runs += 1) {
      world.steps = 45;
      isHome = await world.bring('f1').then(
        () => true,
        (error: unknown) => {
          if (!(error instanceof OutOfTimeError)) throw error;
          return false;
        },
      );
    }
    expect(world.primary.objects.get('a/one.mp4')?.body.equals(large)).toBe(true);
    expect(world.files.item('f1')).not.toHaveProperty('away');
    expect(runs).toBeLessThan(7);
  });

  it('is compared by reading where storages keep no checksums', async () => {
    const world = await make(1000);
    for (const store of world.stores) store.checksums = false;
    await world.bring('f1');
    expectHome(world, 1000);
  });

  it('is not deleted when what arrived is something else', async () => {
    for (const checksums of [true, false]) {
      const world = await make(1000);
      for (const store of world.stores) store.checksums = checksums;
      const { primary } = world;
      const objects = primary.objects as Map<string, NonNullable<ReturnType<typeof primary.objects.get>>>;
      primary.after = ({ operation, key }) => {
        const copy = objects.get(key);
        if ((operation !== 'PutObject' && operation !== 'CopyObject') || copy === undefined) return;
        const body = Buffer.from(copy.body);
        body[500] = (body[500] ?? 0) ^ 1;
        objects.set(key, { ...copy, body });
      };
      await expect(world.bring('f1')).rejects.toMatchObject({ kind: 'unavailable' });
      expect(world[location].objects.has(changes.key ?? '')).toBe(true);
      expect(world.files.item('f1')).toMatchObject({ location, away: {} });
      primary.after = undefined;
      await world.bring('f1');
      expectHome(world, 1000);
    }
  });
});

describe('The trouble of a recording', () => {
  it('is over when its last file is home, if it was its storage’s', async () => {
    const world = createHomeWorld(fileOf(IN_SPOOL));
    const other = fileOf({ ...IN_SPOOL, fileId: 'f2', key: 'rec_1/f2.mp4', homeKey: 'a/two.mp4' });
    await world.files.open(other);
    for (const key of [SPOOL_KEY, 'rec_1/f2.mp4']) await world.spool.put(key, Buffer.from(key));
    Object.assign(world.recording, { trouble: awayAt().reason });
    await world.bring('f1');
    expect(world.recording.trouble).toEqual(awayAt().reason);
    await world.bring('f2');
    expect(world.recording.trouble).toBeUndefined();
  });

  it('is over when it turns out that all of it was at home', async () => {
    const { readyAt: __, ...file } = fileOf({ journal: JOURNAL, state: 'waiting', away: awayAt() });
    const world = createHomeWorld(file);
    Object.assign(world.recording, { trouble: awayAt().reason });
    await world.primary.put(JOURNAL.heldKey, MEDIA, { metadata: tailMetadata(1, 9.5) });
    expect(await world.bring('f1')).toMatchObject({ state: 'ready', location: 'primary' });
    expect(world.recording.trouble).toBeUndefined();
  });

  it.each([
    ['mp4', { journal: JOURNAL }],
    ['hls', { format: 'hls', key: 'a/one.m3u8' }],
  ] as const)('is over when nothing had been stored of its last file: %s', async (_, changes) => {
    const { readyAt: __, ...file } = fileOf({ ...changes, state: 'waiting', away: awayAt('spool') });
    const world = createHomeWorld(file);
    Object.assign(world.recording, { trouble: awayAt().reason });
    expect(await world.bring('f1')).toMatchObject({ state: 'failed', reason: { code: 'recorder-lost' } });
    expect(world.files.item('f1')).not.toHaveProperty('away');
    expect(world.told).toMatchObject([{ fileId: 'f1', state: 'failed' }]);
    expect(world.recording.trouble).toBeUndefined();
  });
});

/** A file of `last - 1` parts of media after the held ones, of which some are in the upload and others strewn about. */
const scattered = async (
  state: 'waiting' | 'recording',
  { here, tail, finalHead }: { here: number; tail: boolean; finalHead: boolean },
  strewn: readonly ('backup' | 'spool')[],
) => {
  const away = state === 'waiting' ? { away: awayAt(...new Set(strewn)) } : {};
  const base = fileOf({ state, durationSeconds: 3, sizeBytes: 0, ...away });
  const { readyAt: _, ...unready } = base;
  const world = createHomeWorld({ ...unready, journal: JOURNAL });
  const uploadId = await world.primary.createUpload('a/one.mp4', 'video/mp4');
  const journal = { ...JOURNAL, uploadId };
  await world.files.replace({ ...unready, journal }, { ...unready, journal: JOURNAL });
  const piece = (index: number) => MEDIA.subarray(index * PART, (index + 1) * PART);
  await world.primary.put(JOURNAL.heldKey, piece(0), { metadata: tailMetadata(1, 1) });
  let next = 2;
  for (; next < here + 2; next += 1) {
    await world.primary.uploadPart('a/one.mp4', uploadId, next, piece(next - 1));
  }
  for (const place of strewn) {
    await world[place].put(strayPartKey(JOURNAL, next), piece(next - 1));
    next += 1;
  }
  let media = MEDIA.subarray(0, (next - 1) * PART);
  if (tail) {
    const end = MEDIA.subarray(media.length, media.length + 777);
    await world.spool.put(JOURNAL.tailKey, end, { metadata: tailMetadata(next, 42) });
    await world.primary.put(JOURNAL.tailKey, Buffer.from('stale'), { metadata: tailMetadata(2, 2) });
    media = MEDIA.subarray(0, media.length + end.length);
  }
  const head = Buffer.from('<final>');
  if (finalHead) {
    const metadata = strayHeadMetadata(media.length, 50);
    await world.backup.put(strayHeadKey(JOURNAL), head, { metadata });
  }
  const expected = Buffer.concat([finalHead ? head : INITIAL_HEAD, media]);
  return { world, expected, seconds: finalHead ? 50 : tail ? 42 : 3 };
};

const expectClosed = ({ world, expected, seconds }: Awaited<ReturnType<typeof scattered>>): void => {
  expect(world.primary.objects.get('a/one.mp4')?.body.equals(expected)).toBe(true);
  expect(contentsOf(world)).toEqual([['a/one.mp4'], [], []]);
  const file = world.files.item('f1');
  expect(file).toMatchObject({
    state: 'ready',
    readyAt: AT,
    sizeBytes: expected.length,
    location: 'primary',
  });
  expect(file.durationSeconds).toBe(seconds);
  expect(file).not.toHaveProperty('away');
  expect(file).not.toHaveProperty('journal');
  expect(world.told).not.toEqual([]);
  expect(world.announced).toEqual([]);
};

describe.each(['waiting', 'recording'] as const)('A file whose parts are scattered, %s', (state) => {
  const bring = ({ world }: Awaited<ReturnType<typeof scattered>>) =>
    state === 'waiting' ? world.bring('f1') : world.close(world.recording, 'f1');

  it('is put together of all that there is, wherever it is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({ here: fc.integer({ min: 0, max: 2 }), tail: fc.boolean(), finalHead: fc.boolean() }),
        fc.array(fc.constantFrom('backup' as const, 'spool' as const), { maxLength: 3 }),
        async (what, strewn) => {
          const made = await scattered(state, what, strewn);
          await bring(made);
          expectClosed(made);
          expect(made.world.told).toHaveLength(1);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is put together after a crash at any operation', async () => {
    for (const when of ['before', 'after'] as const) {
      for (let last = 0, isOver = false; !isOver; last += 1) {
        const made = await scattered(state, { here: 1, tail: true, finalHead: true }, ['spool', 'backup']);
        const calls = () => made.world.stores.reduce((sum, store) => sum + store.calls.length, 0);
        const before = calls();
        await untilDone(made.world, last, when);
        expectClosed(made);
        isOver = calls() - before < last;
      }
    }
  });

  it('ends where its recorder has ended it, though that had put more as a tail before', async () => {
    for (const strewn of [[], ['spool' as const]]) {
      const made = await scattered(state, { here: 1, tail: false, finalHead: true }, strewn);
      const part = 3 + strewn.length;
      await made.world.primary.put(JOURNAL.tailKey, Buffer.from('given up'), {
        metadata: tailMetadata(part, 60),
      });
      await bring(made);
      expectClosed(made);
    }
  });

  it('takes the growing head when the last head is of other media', async () => {
    const made = await scattered(state, { here: 1, tail: false, finalHead: false }, ['spool']);
    await made.world.spool.put(strayHeadKey(JOURNAL), Buffer.from('<other>'), {
      metadata: strayHeadMetadata(1, 99),
    });
    await bring(made);
    expectClosed(made);
  });
});

describe('A file whose recorder died on its way to another storage', () => {
  const open = () => {
    const { readyAt: _, ...unready } = fileOf({ state: 'recording', sizeBytes: 0, durationSeconds: 0 });
    return createHomeWorld({ ...unready, journal: JOURNAL });
  };
  const close = (world: HomeWorld) => world.close(world.recording, 'f1');

  it('is made of the held object that has most, wherever that is', async () => {
    const world = open();
    await world.primary.put(JOURNAL.heldKey, Buffer.from('media'), { metadata: tailMetadata(1, 5) });
    await world.spool.put(JOURNAL.heldKey, Buffer.from('media and more'), { metadata: tailMetadata(1, 9) });
    expect(await close(world)).toMatchObject({ state: 'ready', durationSeconds: 9 });
    expect(world.primary.objects.get('a/one.mp4')?.body.toString()).toBe('<initial>media and more');
    expect(contentsOf(world)).toEqual([['a/one.mp4'], [], []]);
  });

  it('is brought home when it had been put whole there', async () => {
    const world = open();
    await world.primary.put(JOURNAL.heldKey, Buffer.from('media'), { metadata: tailMetadata(1, 5) });
    await world.spool.put(SPOOL_KEY, Buffer.from('<final>media and more'), { metadata: durationMetadata(9) });
    await close(world);
    expect(world.files.item('f1')).toMatchObject({ state: 'ready', location: 'primary', durationSeconds: 9 });
    expect(world.primary.objects.get('a/one.mp4')?.body.toString()).toBe('<final>media and more');
    expect(contentsOf(world)).toEqual([['a/one.mp4'], [], []]);
  });

  it('is what its recorder had put whole, though more had been held before', async () => {
    const world = open();
    await world.primary.put(JOURNAL.heldKey, Buffer.from('media and more'), { metadata: tailMetadata(1, 9) });
    await world.primary.put('a/one.mp4', Buffer.from('<final>media'), { metadata: durationMetadata(5) });
    expect(await close(world)).toMatchObject({ state: 'ready', durationSeconds: 5, sizeBytes: 12 });
    expect(world.primary.objects.get('a/one.mp4')?.body.toString()).toBe('<final>media');
    expect(contentsOf(world)).toEqual([['a/one.mp4'], [], []]);
  });

  it('does not wait for a bucket that is not there', async () => {
    const world = open();
    await world.primary.put(JOURNAL.heldKey, Buffer.from('media'), { metadata: tailMetadata(1, 5) });
    world.backup.before = ({ operation }) => {
      throw storageFault('missing', operation, 'NoSuchBucket');
    };
    expect(await close(world)).toMatchObject({ state: 'ready' });
  });

  it.each(['denied', 'unavailable'] as const)(
    'waits some time for a storage that may have the rest, and does not answer: %s',
    async (kind) => {
      const world = open();
      await world.primary.put(JOURNAL.heldKey, Buffer.from('media'), { metadata: tailMetadata(1, 5) });
      world.backup.before = ({ operation }) => {
        throw storageFault(kind, operation);
      };
      await expect(close(world)).rejects.toMatchObject({ kind });
      const refused = world.files.item('f1');
      expect(refused.state).toBe('recording');
      const waiting: RecordingFile = { ...refused, state: 'waiting', away: { ...awayAt(), failures: 5 } };
      await world.files.replace(waiting, refused);
      expect(await world.bring('f1')).toMatchObject({ state: 'ready' });
    },
  );
});

describe('A playlist whose segments are scattered', () => {
  const HLS = fileOf({ format: 'hls', key: 'a/one.m3u8' });
  const prefix = { primary: 'a/one/', backup: 'a/one/', spool: 'rec_1/f1/' };
  const keys = { primary: 'a/one.m3u8', backup: 'a/one.m3u8', spool: 'rec_1/f1.m3u8' };
  type Where = keyof typeof prefix;
  const secondsOf = (index: number) => Number((10 + index / 100).toFixed(2));
  const nameAt = (index: number) => `0001-${String(index + 1).padStart(6, '0')}.ts`;

  /** Each place lists what it has, with a discontinuity where something is elsewhere. */
  const make = async (
    state: RecordingFile['state'],
    placement: readonly (readonly Where[])[],
    unlisted: readonly number[] = [],
    away = awayAt('backup', 'spool'),
  ) => {
    const world = createHomeWorld({ ...HLS, state, away });
    const listed = { primary: [] as number[], backup: [] as number[], spool: [] as number[] };
    for (const [index, places] of placement.entries()) {
      const about = { durationSeconds: secondsOf(index), ...(index === 0 ? { programDateTime: AT } : {}) };
      for (const where of places) {
        const options = { contentType: 'video/mp2t', metadata: segmentMetadata(about) };
        await world[where].put(prefix[where] + nameAt(index), Buffer.from(`segment ${index}`), options);
        if (!unlisted.includes(index)) listed[where].push(index);
      }
    }
    for (const where of ['primary', 'backup', 'spool'] as const) {
      const segments = listed[where].map((index, position) => ({
        uri: `${where === 'spool' ? 'f1' : 'one'}/${nameAt(index)}`,
        durationSeconds: secondsOf(index),
        ...(index === 0 ? { programDateTime: AT } : {}),
        ...(position > 0 && listed[where][position - 1] !== index - 1
          ? { discontinuity: true as const }
          : {}),
      }));
      if (segments.length === 0) continue;
      const text = renderPlaylist({ targetDuration: 11, segments, ended: false });
      await world[where].put(keys[where], Buffer.from(text));
    }
    return world;
  };
  const expectHome = ({ primary, ...world }: HomeWorld, count: number): void => {
    const text = primary.objects.get('a/one.m3u8')?.body.toString() ?? '';
    expect(parsePlaylist(text)).toMatchObject({
      ended: true,
      segments: Array.from({ length: count }, (_, index) => ({
        uri: `one/${nameAt(index)}`,
        durationSeconds: secondsOf(index),
      })),
    });
    expect(text).not.toContain('DISCONTINUITY');
    for (let index = 0; index < count; index += 1) {
      const segment = primary.objects.get(prefix.primary + nameAt(index));
      expect(segment?.body.toString()).toBe(`segment ${index}`);
      expect(segment).toMatchObject({
        contentType: 'video/mp2t',
        metadata: { 'duration-seconds': expect.stringMatching(/^1\d/) },
      });
    }
    expect(primary.objects.size).toBe(count + 1);
    expect([...world.backup.objects.keys(), ...world.spool.objects.keys()]).toEqual([]);
    const file = world.files.item('f1');
    expect(file).toMatchObject({ state: 'ready', location: 'primary', key: 'a/one.m3u8' });
    const sizes = Array.from({ length: count }, (_, index) => `segment ${index}`.length);
    expect(file.sizeBytes).toBe(sizes.reduce((sum, size) => sum + size));
    expect(file).not.toHaveProperty('away');
  };
  const bring = (world: HomeWorld) =>
    world.files.item('f1').state === 'recording' ? world.close(world.recording, 'f1') : world.bring('f1');

  it.each(['ready', 'waiting', 'recording'] as const)(
    'is whole at home, in order, however they lay: %s',
    async (state) => {
      const anywhere = fc.subarray(['primary', 'backup', 'spool'] as const, { minLength: 1 });
      await fc.assert(
        fc.asyncProperty(
          fc.array(anywhere, { minLength: 1, maxLength: 8 }),
          fc.array(fc.nat(7), { maxLength: 3 }),
          async (placement, unlisted) => {
            const world = await make(state, placement, unlisted);
            await bring(world);
            expectHome(world, placement.length);
          },
        ),
        { numRuns: 40 },
      );
    },
  );

  it('is whole at home however often time runs out, also where storages keep no checksums', async () => {
    const placement = Array.from({ length: 250 }, (): readonly Where[] => ['backup']);
    const world = await make('ready', placement);
    for (const store of world.stores) store.checksums = false;
    let runs = 0;
    for (let isHome = false; !isHome && runs < 10; runs += 1) {
      world.steps = 420;
      isHome = await bring(world).then(
        () => true,
        (error: unknown) => {
          if (!(error instanceof OutOfTimeError)) throw error;
          return false;
        },
      );
    }
    expectHome(world, 250);
  });

  it('is whole at home after a crash at any operation', async () => {
    const placement: readonly (readonly Where[])[] = [
      ['primary'],
      ['spool'],
      ['backup', 'primary'],
      ['backup'],
    ];
    await crashingEverywhere(
      () => make('waiting', placement, [2]),
      (world) => expectHome(world, placement.length),
    );
  });

  it('keeps a discontinuity that a segment itself tells of, and one at what is lost', async () => {
    const world = await make('ready', [['primary'], ['spool'], ['spool'], [], ['primary']]);
    const metadata = segmentMetadata({ durationSeconds: 4, discontinuity: true });
    await world.spool.put(`${prefix.spool}${nameAt(1)}`, Buffer.from('torn'), { metadata });
    await world.spool.delete(keys.spool);
    await bring(world);
    const text = world.primary.objects.get('a/one.m3u8')?.body.toString() ?? '';
    const { segments = [] } = parsePlaylist(text) ?? {};
    expect(segments.map(({ uri, discontinuity = false }) => [uri.slice(-6, -3), discontinuity])).toEqual([
      ['001', false],
      ['002', true],
      ['003', false],
      ['005', true],
    ]);
  });

  it('leaves everything where it is while a segment cannot be copied', async () => {
    const world = await make('ready', [['primary'], ['spool'], ['backup']]);
    world.primary.before = ({ operation, key }) => {
      if (key.endsWith(nameAt(2))) throw storageFault('denied', operation, 'AccessDenied');
    };
    await expect(bring(world)).rejects.toMatchObject({ kind: 'denied' });
    expect(world.spool.objects.size).toBe(2);
    expect(world.backup.objects.size).toBe(2);
    expect(parsePlaylist(world.primary.objects.get(keys.primary)?.body.toString() ?? '')?.ended).toBe(false);
    world.primary.before = undefined;
    await bring(world);
    expectHome(world, 3);
  });

  it('leaves nothing at home that was copied when it is deleted meanwhile', async () => {
    await deletedEverywhere(
      () => make('ready', [['spool'], ['backup'], ['spool']]),
      (world) => expect(contentsOf(world)[0]).toEqual([]),
    );
  });

  it('is not written over when somebody has written it meanwhile', async () => {
    const world = await make('ready', [['primary'], ['spool']]);
    const { primary } = world;
    primary.before = async ({ operation, key }) => {
      if (operation !== 'PutObject' || key !== keys.primary) return;
      primary.before = undefined;
      await primary.put(keys.primary, Buffer.from('#EXTM3U'));
    };
    await expect(bring(world)).rejects.toMatchObject({ kind: 'conflict' });
    await bring(world);
    expectHome(world, 2);
  });
});

describe('A backup that is the primary storage by another name', () => {
  it('is not copied from, and above all not cleared', async () => {
    const world = createHomeWorld(fileOf({ location: 'backup', away: awayAt('backup') }));
    const plan = { ...PLAN, backup: { ...PLAN.storage, region: 'us-east-2' } };
    Object.assign(world.recording, { plan });
    await world.primary.put('a/one.mp4', MEDIA.subarray(0, 100));
    await world.bring('f1');
    expect(world.files.item('f1')).toMatchObject({ location: 'primary' });
    expect(world.primary.objects.get('a/one.mp4')?.body.length).toBe(100);
  });
});

describe('Storages that copy by themselves', () => {
  it('are asked to, and are helped when they refuse', async () => {
    const operations = async (spoil?: (primary: MemoryObjectStore) => void) => {
      const world = createHomeWorld(fileOf(IN_SPOOL), LIMITS);
      await world.spool.put(SPOOL_KEY, MEDIA, ABOUT);
      spoil?.(world.primary);
      await world.bring('f1');
      expect(world.primary.objects.get('a/one.mp4')?.body.equals(MEDIA)).toBe(true);
      return world.primary.calls.map(({ operation }) => operation);
    };
    const parts = (calls: string[], operation: string) => calls.filter((one) => one === operation).length;
    const copied = await operations();
    expect([parts(copied, 'UploadPartCopy'), parts(copied, 'UploadPart')]).toEqual([7, 0]);
    const helped = await operations((primary) => {
      primary.before = ({ operation }) => {
        if (operation === 'UploadPartCopy') throw storageFault('denied', operation, 'AccessDenied');
      };
    });
    // As many as were under way when the first one was refused.
    expect([parts(helped, 'UploadPartCopy'), parts(helped, 'UploadPart')]).toEqual([3, 7]);
  });
});
