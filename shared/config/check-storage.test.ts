import { describe, expect, it } from 'vitest';
import { createMemoryObjectStore, storageFault } from '../storage/memory-object-store.ts';
import { StorageError } from '../storage/object-store.ts';
import { checkStorage } from './check-storage.ts';

describe('Checking a storage', () => {
  it('finds nothing wrong with one that lets us do everything, and leaves nothing behind', async () => {
    const store = createMemoryObjectStore();
    expect(await checkStorage(store)).toEqual([]);
    expect(store.objects.size).toBe(0);
    expect(store.uploads.size).toBe(0);
  });

  it.each([
    ['PutObject', 's3:PutObject'],
    ['GetObject', 's3:GetObject'],
    ['DeleteObject', 's3:DeleteObject'],
    ['ListObjectsV2', 's3:ListBucket'],
    ['ListParts', 's3:ListMultipartUploadParts'],
    ['ListMultipartUploads', 's3:ListBucketMultipartUploads'],
    ['AbortMultipartUpload', 's3:AbortMultipartUpload'],
    ['CreateMultipartUpload', 's3:PutObject'],
  ])('names the missing permission when %s is denied', async (operation, permission) => {
    expect(await checkStorage(createMemoryObjectStore([operation]))).toEqual([
      { kind: 'denied', operation, permission, message: `${operation}: AccessDenied: Access Denied` },
    ]);
  });

  it.each([
    'GetObject ListParts ListObjectsV2',
    'GetObject UploadPart DeleteObject ListParts',
    'AbortMultipartUpload ListObjectsV2',
  ])('names all that are missing at once: %s', async (names) => {
    const operations = names.split(' ');
    const store = createMemoryObjectStore(operations);
    const failures = await checkStorage(store);
    expect(failures.map(({ operation }) => operation).sort()).toEqual(operations.sort());
    expect(store.objects.size + store.uploads.size).toBe(0);
  });

  it('names what AWS says is missing when that is something else', async () => {
    const store = createMemoryObjectStore();
    const words =
      'PutObject: AccessDenied: User: x is not authorized to perform: kms:GenerateDataKey on resource: y';
    const put = async () => {
      throw new StorageError('denied', 'PutObject', words);
    };
    expect(await checkStorage({ ...store, put })).toMatchObject([{ permission: 'kms:GenerateDataKey' }]);
  });

  it.each([
    'PutObject',
    'GetObject',
    'CreateMultipartUpload',
    'UploadPart',
    'ListParts',
    'CompleteMultipartUpload',
    'AbortMultipartUpload',
  ])('leaves nothing behind when %s fails after having gone well', async (operation) => {
    for (const last of [0, 1, 2]) {
      const store = createMemoryObjectStore();
      let left = last;
      store.before = (call) => {
        if (call.operation !== operation || call.key.endsWith('/nothing')) return;
        left -= 1;
        if (left === -1) throw storageFault('unavailable', operation);
      };
      const failures = await checkStorage(store);
      if (left < 0) expect(failures).toMatchObject([{ kind: 'unavailable', operation }]);
      expect([...store.objects.keys(), ...store.uploads.keys()]).toEqual([]);
    }
  });

  it('does not trust a storage that gives back something else', async () => {
    const store = createMemoryObjectStore();
    const get: typeof store.get = async (key) =>
      key.endsWith('/nothing') ? undefined : { body: Buffer.from('other'), etag: '"x"' };
    expect(await checkStorage({ ...store, get })).toMatchObject([{ permission: 's3:GetObject' }]);
    expect(store.objects.size).toBe(0);
  });

  it('tells once that the storage cannot be reached, and tries no more', async () => {
    const store = createMemoryObjectStore();
    store.before = ({ operation }) => {
      throw storageFault('unavailable', operation);
    };
    expect(await checkStorage(store)).toMatchObject([{ kind: 'unavailable' }]);
    expect(store.calls).toHaveLength(7);
  });

  it('tells once that there are no credentials', async () => {
    const store = createMemoryObjectStore();
    store.before = () => {
      throw new StorageError('denied', 'AssumeRole', 'AssumeRole: AccessDenied: no');
    };
    expect(await checkStorage(store)).toMatchObject([
      { operation: 'AssumeRole', permission: 'sts:AssumeRole' },
    ]);
    expect(store.calls).toHaveLength(7);
  });

  it('passes on what is no fault of the storage', async () => {
    const put = async () => {
      throw new TypeError('a bug');
    };
    await expect(checkStorage({ ...createMemoryObjectStore(), put })).rejects.toThrow('a bug');
  });
});
