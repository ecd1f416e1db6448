import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chunksOf, type ObjectStore, type Part } from './object-store.ts';

const LEAST_PART = 5 * 1024 * 1024;

/** What every object store must do, the fake that other tests stand on included. */
export const describeObjectStore = (
  name: string,
  open: () => Promise<{ store: ObjectStore; bucket: string; close(): Promise<void> }>,
): void => {
  describe(name, () => {
    let store: ObjectStore;
    let bucket: string;
    let close = async (): Promise<void> => undefined;
    beforeAll(async () => {
      ({ store, bucket, close } = await open());
    });
    afterAll(() => close());

    const text = async (key: string) => (await store.get(key))?.body.toString();

    describe('objects', () => {
      it('gives back what was put, from one buffer or from many', async () => {
        const etag = await store.put('a/one', Buffer.from('hello'));
        await store.put('a/many', chunksOf([Buffer.from('hel'), Buffer.alloc(0), Buffer.from('lo')]));
        expect(await store.get('a/one')).toEqual({ body: Buffer.from('hello'), etag });
        expect(await text('a/many')).toBe('hello');
      });

      it('takes an empty object', async () => {
        await store.put('a/empty', chunksOf([]));
        expect(await store.head('a/empty')).toMatchObject({ size: 0, metadata: {} });
      });

      it('takes any key: spaces, escapes, other scripts', async () => {
        const key = 'k/ü %2F+&?#=\'"直播/..x';
        await store.put(key, Buffer.from('x'));
        expect(await text(key)).toBe('x');
        expect(await store.list('k/')).toEqual([{ key, size: 1 }]);
      });

      it('keeps user metadata, its names in lower case', async () => {
        await store.put('a/meta', Buffer.from('x'), { metadata: { 'Duration-Seconds': '1.5', part: '7' } });
        expect(await store.head('a/meta')).toMatchObject({
          size: 1,
          metadata: { 'duration-seconds': '1.5', part: '7' },
        });
      });

      it('tells what its writer said of it, and how it can be known again', async () => {
        const options = { contentType: 'a/b', cacheControl: 'no-cache' };
        const etag = await store.put('a/said', Buffer.from('123456789'), options);
        // The check value of CRC-32, as every description of it has it.
        expect(await store.head('a/said')).toEqual({
          ...{ size: 9, etag, metadata: {} },
          ...options,
          crc32: Buffer.from('cbf43926', 'hex').toString('base64'),
        });
      });

      it('gives bytes as they come, all or some, and takes them so', async () => {
        await store.put('a/source', Buffer.from('0123456789'));
        const some = await store.read('a/source', { start: 3, length: 4 });
        expect(some?.length).toBe(4);
        if (some !== undefined) await store.put('a/some', some);
        expect(await text('a/some')).toBe('3456');
        const all = await store.read('a/source');
        if (all !== undefined) await store.put('a/all', all);
        expect(await text('a/all')).toBe('0123456789');
        expect(await store.read('a/none')).toBeUndefined();
      });

      it('copies by itself, with what was said of it, and only what has not changed', async () => {
        const key = 'a/ü %2F+.ts';
        const about = { contentType: 'a/b', cacheControl: 'no-store', metadata: { part: '7' } };
        const etag = await store.put(key, Buffer.from('copied'), about);
        await store.copy({ bucket, key, etag }, 'a/copy');
        expect(await text('a/copy')).toBe('copied');
        expect(await store.head('a/copy')).toEqual(await store.head(key));
        await store.put(key, Buffer.from('changed'));
        await expect(store.copy({ bucket, key, etag }, 'a/copy')).rejects.toMatchObject({ kind: 'conflict' });
        await expect(store.copy({ bucket, key: 'a/none', etag }, 'a/copy')).rejects.toMatchObject({
          kind: 'missing',
        });
      });

      it('says undefined of what is not there', async () => {
        expect(await store.get('a/none')).toBeUndefined();
        expect(await store.head('a/none')).toBeUndefined();
      });

      it('deletes, and deletes again', async () => {
        await store.put('a/gone', Buffer.from('x'));
        await store.delete('a/gone');
        await store.delete('a/gone');
        expect(await store.head('a/gone')).toBeUndefined();
      });

      it('deletes many at once, more than S3 takes in one request, and only these', async () => {
        const keys = Array.from({ length: 1003 }, (_, index) => `many/${index}`);
        const kept = ['many/1 &<"\'ü', 'many/0/1'];
        const missing = [...keys, ...kept];
        while (missing.length > 0)
          await Promise.all(missing.splice(0, 100).map((key) => store.put(key, Buffer.from('x'))));
        await store.deleteMany([...keys, 'many/none']);
        expect((await store.list('many/')).map(({ key }) => key).sort()).toEqual([...kept].sort());
        await store.deleteMany(kept);
        await store.deleteMany([]);
        expect(await store.list('many/')).toEqual([]);
      });

      it('lists a prefix in the order of bytes, from after a key', async () => {
        for (const key of ['l/b', 'l/a/1', 'l/é', 'l/B', 'll']) await store.put(key, Buffer.from(key));
        expect((await store.list('l/')).map(({ key }) => key)).toEqual(['l/B', 'l/a/1', 'l/b', 'l/é']);
        expect((await store.list('l/', 'l/a/1')).map(({ key }) => key)).toEqual(['l/b', 'l/é']);
        expect(await store.list('nothing/')).toEqual([]);
      });
    });

    describe('conditional puts', () => {
      it('creates only what is absent', async () => {
        await store.put('c/new', Buffer.from('1'), { ifNoneMatch: '*' });
        await expect(store.put('c/new', Buffer.from('2'), { ifNoneMatch: '*' })).rejects.toMatchObject({
          name: 'StorageError',
          kind: 'conflict',
          operation: 'PutObject',
        });
        expect(await text('c/new')).toBe('1');
      });

      it('overwrites only what has not changed', async () => {
        const first = await store.put('c/match', Buffer.from('1'));
        const second = await store.put('c/match', Buffer.from('2'), { ifMatch: first });
        await expect(store.put('c/match', Buffer.from('3'), { ifMatch: first })).rejects.toMatchObject({
          kind: 'conflict',
        });
        expect(await store.get('c/match')).toEqual({ body: Buffer.from('2'), etag: second });
      });

      it('misses what should be overwritten and is gone', async () => {
        const etag = await store.put('c/gone', Buffer.from('1'));
        await store.delete('c/gone');
        await expect(store.put('c/gone', Buffer.from('2'), { ifMatch: etag })).rejects.toMatchObject({
          kind: 'missing',
        });
      });
    });

    describe('multipart uploads', () => {
      const large = randomBytes(LEAST_PART);
      const other = randomBytes(LEAST_PART + 1);

      it('joins parts by number, whatever order they came in', async () => {
        const id = await store.createUpload('m/joined', 'video/mp4');
        const last = await store.uploadPart('m/joined', id, 7, Buffer.from('end'));
        const middle = await store.uploadPart(
          'm/joined',
          id,
          2,
          chunksOf([other.subarray(0, 9), other.subarray(9)]),
        );
        const first = await store.uploadPart('m/joined', id, 1, large);
        expect(await store.head('m/joined')).toBeUndefined();
        expect([first.size, middle.size, last.size]).toEqual([large.length, other.length, 3]);
        expect(await store.listParts('m/joined', id)).toEqual([first, middle, last]);
        await store.completeUpload('m/joined', id, [first, middle, last]);
        const joined = await store.get('m/joined');
        expect(joined?.body.equals(Buffer.concat([large, other, Buffer.from('end')]))).toBe(true);
        expect(joined?.etag).toMatch(/-3"$/);
        expect(await store.listParts('m/joined', id)).toBeUndefined();
      });

      it('makes parts of bytes that come one after the other, and of objects that it has', async () => {
        const etag = await store.put(
          'm/source',
          Buffer.concat([Buffer.from('..'), large, Buffer.from('end')]),
        );
        const source = { bucket, key: 'm/source', etag };
        const options = { cacheControl: 'no-cache', metadata: { part: '7' } };
        const id = await store.createUpload('m/copied', 'video/mp4', options);
        const first = await store.copyPart(source, { start: 2, length: large.length }, 'm/copied', id, 1);
        const end = await store.read('m/source', { start: large.length + 2, length: 3 });
        const last = await store.uploadPart('m/copied', id, 2, end ?? Buffer.alloc(0));
        expect(await store.listParts('m/copied', id)).toEqual([first, last]);
        await store.completeUpload('m/copied', id, [first, last]);
        const copied = await store.get('m/copied');
        expect(copied?.body.equals(Buffer.concat([large, Buffer.from('end')]))).toBe(true);
        expect(await store.head('m/copied')).toMatchObject({ contentType: 'video/mp4', ...options });
      });

      it('lets an upload become an object only where there is none, when asked to', async () => {
        const [one, other] = [
          await store.createUpload('m/once', 'a/b'),
          await store.createUpload('m/once', 'a/b'),
        ];
        const [mine, theirs] = [
          await store.uploadPart('m/once', one, 1, Buffer.from('mine')),
          await store.uploadPart('m/once', other, 1, Buffer.from('theirs')),
        ];
        await store.completeUpload('m/once', one, [mine], { ifNoneMatch: '*' });
        const late = store.completeUpload('m/once', other, [theirs], { ifNoneMatch: '*' });
        await expect(late).rejects.toMatchObject({ name: 'StorageError', kind: 'conflict' });
        expect(await text('m/once')).toBe('mine');
        await store.abortUpload('m/once', other);
      });

      it('replaces a part that is uploaded again, and leaves out parts that are not named', async () => {
        const id = await store.createUpload('m/again', 'video/mp4');
        const old = await store.uploadPart('m/again', id, 1, Buffer.from('old'));
        const now = await store.uploadPart('m/again', id, 1, Buffer.from('new'));
        await store.uploadPart('m/again', id, 2, Buffer.from('unnamed'));
        await expect(store.completeUpload('m/again', id, [old])).rejects.toMatchObject({
          name: 'StorageError',
        });
        await store.completeUpload('m/again', id, [now]);
        expect(await text('m/again')).toBe('new');
      });

      it.each<[string, (small: Part, large: Part) => Part[]]>([
        ['a small part before another', (small, big) => [small, big]],
        ['parts out of order', (small, big) => [big, small]],
        ['no parts', () => []],
        ['a part that was never uploaded', (small) => [{ ...small, number: 3 }]],
      ])('refuses to complete with %s, and keeps the upload', async (_, choose) => {
        const id = await store.createUpload('m/refused', 'video/mp4');
        const small = await store.uploadPart('m/refused', id, 1, Buffer.from('small'));
        const big = await store.uploadPart('m/refused', id, 2, large);
        await expect(store.completeUpload('m/refused', id, choose(small, big))).rejects.toMatchObject({
          name: 'StorageError',
          operation: 'CompleteMultipartUpload',
        });
        expect(await store.head('m/refused')).toBeUndefined();
        expect(await store.listParts('m/refused', id)).toEqual([small, big]);
        await store.abortUpload('m/refused', id);
      });

      it('knows no upload that was aborted', async () => {
        const id = await store.createUpload('m/aborted', 'video/mp4');
        const part = await store.uploadPart('m/aborted', id, 1, Buffer.from('x'));
        await store.abortUpload('m/aborted', id);
        expect(await store.listParts('m/aborted', id)).toBeUndefined();
        const gone = { name: 'StorageError', kind: 'missing' };
        await expect(store.uploadPart('m/aborted', id, 2, Buffer.from('y'))).rejects.toMatchObject(gone);
        await expect(store.completeUpload('m/aborted', id, [part])).rejects.toMatchObject(gone);
      });

      it('knows an upload under its own key only', async () => {
        const id = await store.createUpload('m/own', 'video/mp4');
        expect(await store.listParts('m/other', id)).toBeUndefined();
        await expect(store.uploadPart('m/other', id, 1, Buffer.from('x'))).rejects.toMatchObject({
          kind: 'missing',
        });
        await store.abortUpload('m/own', id);
      });

      it('keeps two uploads of one key apart; the one completed last is the object', async () => {
        const [one, two] = [
          await store.createUpload('m/twice', 'a/b'),
          await store.createUpload('m/twice', 'a/b'),
        ];
        const first = await store.uploadPart('m/twice', one, 1, Buffer.from('first'));
        const second = await store.uploadPart('m/twice', two, 1, Buffer.from('second'));
        await store.completeUpload('m/twice', two, [second]);
        expect(await text('m/twice')).toBe('second');
        await store.completeUpload('m/twice', one, [first]);
        expect(await text('m/twice')).toBe('first');
      });
    });

    it('presigns a URL that names the object', async () => {
      const url = new URL(await store.presign('p/a b.mp4', { expiresInSeconds: 60 }));
      expect(decodeURIComponent(url.pathname)).toMatch(/\/p\/a b\.mp4$/);
      expect(url.search).not.toBe('');
    });
  });
};
