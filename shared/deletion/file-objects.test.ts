import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { segmentKey } from '../closing/hls-journal.ts';
import { FORMATS, type Format } from '../schemas/names.ts';
import { EXTENSIONS } from '../storage/content-types.ts';
import { createMemoryObjectStore, storageFault } from '../storage/memory-object-store.ts';
import type { ObjectStore } from '../storage/object-store.ts';
import { deleteFileObjects, deleteWorkObjects } from './file-objects.ts';

const objectsOf = (path: string, format: Format): string[] => {
  const key = `${path}${EXTENSIONS[format]}`;
  return format === 'hls' ? [key, segmentKey(key, 1, 1), segmentKey(key, 12345, 1_234_567)] : [key];
};
const put = (store: ObjectStore, keys: readonly string[]) =>
  Promise.all(keys.map((key) => store.put(key, Buffer.from(key))));

// Few names, so that paths often lie beside one another, in one another, or begin the same.
const nameArbitrary = fc.constantFrom('a', 'a-2', 'a.m3u8', '0001-000001', '0001-000001.ts', 'b');
const pathArbitrary = fc.array(nameArbitrary, { minLength: 1, maxLength: 3 }).map((names) => names.join('/'));

describe('Deleting the objects of a file', () => {
  it('leaves every object of every other file, however their paths lie to one another', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.tuple(pathArbitrary, fc.constantFrom(...FORMATS)), {
          minLength: 2,
          maxLength: 8,
          selector: ([path, format]) => `${path}${EXTENSIONS[format]}`,
        }),
        async (files) => {
          const store = createMemoryObjectStore();
          const all = files.map(([path, format]) => objectsOf(path, format));
          // One file may be called what another one's segment is called; then it is one object.
          const [doomed = [], ...others] = all;
          fc.pre(others.flat().every((key) => !doomed.includes(key)));
          await put(store, all.flat());
          const [[path, format] = ['', 'mp4' as const]] = files;
          await deleteFileObjects(store, { format, key: `${path}${EXTENSIONS[format]}` });
          expect([...store.objects.keys()].sort()).toEqual([...new Set(others.flat())].sort());
        },
      ),
    );
  });

  it('leaves what others have put into the folder of its segments', async () => {
    const store = createMemoryObjectStore();
    const others = [
      'show/notes.txt',
      'show/0001-000001.ts.bak',
      'show/x/0001-000001.ts',
      'show-2.m3u8',
      'showreel.m3u8',
    ];
    await put(store, [...objectsOf('show', 'hls'), ...others]);
    await deleteFileObjects(store, { format: 'hls', key: 'show.m3u8' });
    expect([...store.objects.keys()].sort()).toEqual([...others].sort());
  });

  it('aborts an upload that is open, deletes what was held, and can be repeated', async () => {
    const store = createMemoryObjectStore();
    const uploadId = await store.createUpload('show.mp4', 'video/mp4');
    const journal = { uploadId, initialHead: '', heldKey: 'work/held', tailKey: 'work/tail' };
    await put(store, ['work/held', 'work/tail', 'work/other']);
    for (let times = 0; times < 2; times += 1) {
      await deleteFileObjects(store, { format: 'mp4', key: 'show.mp4', journal }, [uploadId]);
      expect(store.uploads.size).toBe(0);
      expect([...store.objects.keys()]).toEqual(['work/other']);
    }
  });

  it('deletes a playlist of thousands of segments with a request for each thousand', async () => {
    const store = createMemoryObjectStore();
    await put(store, [
      'show.m3u8',
      ...Array.from({ length: 2500 }, (_, index) => segmentKey('show.m3u8', 1, index)),
    ]);
    await deleteFileObjects(store, { format: 'hls', key: 'show.m3u8' });
    expect(store.objects.size).toBe(0);
    expect(store.calls.filter(({ operation }) => operation === 'DeleteObjects')).toHaveLength(3);
  });

  it('throws what the storage says', async () => {
    const store = createMemoryObjectStore();
    store.before = () => {
      throw storageFault('denied', 'DeleteObjects', 'AccessDenied');
    };
    await expect(deleteFileObjects(store, { format: 'mp4', key: 'show.mp4' })).rejects.toMatchObject({
      kind: 'denied',
    });
  });
});

describe('Deleting work objects', () => {
  it('leaves those of recordings whose id begins the same', async () => {
    const store = createMemoryObjectStore();
    await put(store, ['.streamkeep/rec_1/a/held', '.streamkeep/rec_1/b/tail', '.streamkeep/rec_12/a/held']);
    await deleteWorkObjects(store, 'rec_1');
    expect([...store.objects.keys()]).toEqual(['.streamkeep/rec_12/a/held']);
  });
});
