import { beforeEach, describe, expect, it } from 'vitest';
import { endReason } from '../../shared/recordings/end-reason.ts';
import type { RecordingFile } from '../../shared/schemas/recording.ts';
import { createMemoryObjectStore, storageFault } from '../../shared/storage/memory-object-store.ts';
import { useTable } from '../../test/support/table.ts';
import {
  createWorld,
  fileWith,
  planWith,
  recordingWith,
  START,
  type World,
} from '../common/world.fixture.ts';
import { createDeletions } from './delete.ts';

const table = useTable();
let world: World;
let recordId: string;
let number = 0;
let [primary, spool] = [createMemoryObjectStore(), createMemoryObjectStore()];

beforeEach(() => {
  world = createWorld(table);
  number += 1;
  recordId = `rec_${number}`;
  [primary, spool] = [createMemoryObjectStore(), createMemoryObjectStore()];
});

const run = () =>
  createDeletions({
    ...world.ports,
    table,
    storeOf: ({ bucket }) => (bucket === 'spool' ? spool : primary),
    spool: { bucket: 'spool', region: 'eu-central-1' },
  })({ recordId });
const recordingNow = () => world.ports.recordings.get(recordId);
const end = (changes = {}) =>
  world.ports.recordings.create(
    recordingWith({
      ...{ recordId, state: 'completed', owner: undefined, endedAt: START },
      ...{ untidy: { dueAt: world.clock.at(60), failures: 0 }, ...changes },
    }),
  );
const open = (fileId: string, changes: Partial<RecordingFile> = {}) =>
  world.ports.files.open(
    fileWith({ recordId, fileId, format: 'mp4', key: `demo/${fileId}.mp4`, state: 'ready', ...changes }),
  );
const put = (store: typeof primary, ...keys: string[]) =>
  Promise.all(keys.map((key) => store.put(key, Buffer.from(key))));
const work = (name: string) => `.streamkeep/${recordId}/${name}`;
const [away, journal] = [
  {
    ...{ places: ['spool'] as 'spool'[], since: START, dueAt: START, failures: 0 },
    reason: endReason('storage-failed'),
  },
  { initialHead: '', heldKey: 'held', tailKey: 'tail' },
];

describe('What is left of a recording that has ended', () => {
  it('is cleared away in every storage, and nothing else is', async () => {
    await end();
    await open('1');
    await put(primary, 'demo/1.mp4', 'demo/other.mp4', work('1/held'), work('1/tail'), work('probe'));
    await put(primary, `.streamkeep/${recordId}0/1/held`);
    await put(spool, work('1/part-00002'), 'rec_other/1.mp4');
    // The SDK sends again by itself what is not answered.
    await primary.createUpload('demo/1.mp4', 'video/mp4');
    await primary.createUpload('demo/1.mp4.mine', 'video/mp4');
    await run();
    const kept = ['demo/1.mp4', 'demo/other.mp4', `.streamkeep/${recordId}0/1/held`];
    expect([...primary.objects.keys()].sort()).toEqual(kept.sort());
    expect([...spool.objects.keys()]).toEqual(['rec_other/1.mp4']);
    expect([...primary.uploads.values()].map(({ key }) => key)).toEqual(['demo/1.mp4.mine']);
    expect(await recordingNow()).not.toHaveProperty('untidy');
    expect(world.counted).toEqual(['RecordingsTidied']);
    expect(world.logged).toMatchObject([{ details: { recordId, objects: 4 } }]);
  });

  it.each([
    ['waits for its storage', { state: 'waiting' as const, away, journal }],
    ['is away from home', { away }],
    ['was opened late', { state: 'recording' as const, journal }],
  ])('stays while it belongs to a file that %s', async (_, changes) => {
    await end();
    await open('1');
    await open('2', changes);
    await put(primary, work('1/held'), work('2/held'));
    await put(spool, work('2/part-00002'));
    await primary.createUpload('demo/2.mp4', 'video/mp4');
    await run();
    expect([...primary.objects.keys()]).toEqual([work('2/held')]);
    expect([...spool.objects.keys()]).toEqual([work('2/part-00002')]);
    expect(primary.uploads.size).toBe(1);
    expect(await recordingNow()).toMatchObject({ untidy: { failures: 1, dueAt: world.clock.at(60) } });

    const file = await world.ports.files.get(recordId, '2');
    if (file === undefined) throw new Error('There is no file');
    const { away: __, journal: ___, ...home } = file;
    await world.ports.files.replace({ ...home, state: 'ready' }, file);
    await run();
    expect(primary.objects.size + spool.objects.size + primary.uploads.size).toBe(0);
    expect(await recordingNow()).not.toHaveProperty('untidy');
  });

  it('is tried again later where a storage does not let it go', async () => {
    await end();
    await put(primary, work('1/held'));
    primary.before = ({ operation }) => {
      throw storageFault('denied', operation, 'AccessDenied');
    };
    await run();
    await run();
    expect(await recordingNow()).toMatchObject({ untidy: { failures: 2, dueAt: world.clock.at(120) } });
    expect(world.logged).toMatchObject([
      { message: expect.stringContaining('AccessDenied') },
      { details: { recordId, nextTryAt: world.clock.at(120) } },
    ]);
    primary.before = undefined;
    await run();
    expect(primary.objects.size).toBe(0);
  });

  it('is not asked for without end', async () => {
    await end({ untidy: { dueAt: world.clock.at(0), failures: 28 } });
    primary.before = ({ operation }) => {
      throw storageFault('missing', operation, 'NoSuchBucket');
    };
    await run();
    expect(await recordingNow()).toMatchObject({ untidy: { failures: 29, dueAt: world.clock.at(86_400) } });
    await run();
    expect(await recordingNow()).not.toHaveProperty('untidy');
  });

  it('is nothing, as a rule, and nobody is told of that', async () => {
    await end();
    await open('1');
    await run();
    await run();
    expect(await recordingNow()).not.toHaveProperty('untidy');
    expect(primary.calls.map(({ operation }) => operation)).toEqual([
      'ListObjectsV2',
      'ListMultipartUploads',
    ]);
    expect([...world.counted, ...world.logged]).toEqual([]);
  });

  it('goes with a recording that is deleted before that, uploads that nobody knows of too', async () => {
    const at = world.clock.at(0);
    await end({ deletion: { at, objects: true, record: false, dueAt: at, failures: 0 } });
    await open('1');
    await put(primary, 'demo/1.mp4', work('1/held'));
    await primary.createUpload('demo/1.mp4', 'video/mp4');
    await run();
    expect(primary.objects.size + primary.uploads.size).toBe(0);
    expect(await recordingNow()).not.toHaveProperty('untidy');
  });
});

describe('A recording that has ended', () => {
  it('is found when it is to be tidied, and before that when its retention time is over', async () => {
    const found = async (place: string) => {
      const all = await world.ports.recordings.inWork(place, world.clock.at(10 * 86_400));
      return all.some((recording) => recording.recordId === recordId);
    };
    await end({ plan: { ...planWith(), retentionDays: 1 } });
    expect([await found('UNTIDY'), await found('RETENTION')]).toEqual([true, false]);
    const recording = await recordingNow();
    if (recording === undefined) throw new Error('There is no recording');
    const untidy = { failures: 11, dueAt: world.clock.at(2 * 86_400) };
    await world.ports.recordings.replace({ ...recording, untidy, revision: recording.revision + 1 });
    expect([await found('UNTIDY'), await found('RETENTION')]).toEqual([false, true]);
  });
});
