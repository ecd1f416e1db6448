import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../test/support/memory-store.ts';
import { StorageError } from '../storage/object-store.ts';
import { checkStorage } from './check-storage.ts';

describe('Checking a storage', () => {
  it('finds nothing wrong with one that lets us do everything, and leaves nothing behind', async () => {
    const store = createMemoryStore();
    expect(await checkStorage(store)).toEqual([]);
    expect(store.objects.size).toBe(0);
    expect(store.openUploads.size).toBe(0);
  });

  it.each([
    ['PutObject', 's3:PutObject'],
    ['GetObject', 's3:GetObject'],
    ['DeleteObject', 's3:DeleteObject'],
    ['ListObjectsV2', 's3:ListBucket'],
    ['ListParts', 's3:ListMultipartUploadParts'],
    ['AbortMultipartUpload', 's3:AbortMultipartUpload'],
    ['CreateMultipartUpload', 's3:PutObject'],
  ])('names the missing permission when %s is denied', async (operation, permission) => {
    expect(await checkStorage(createMemoryStore([operation]))).toEqual([
      { kind: 'denied', permission, message: `${operation}: AccessDenied: Access Denied` },
    ]);
  });

  it('names all that are missing at once', async () => {
    const failures = await checkStorage(createMemoryStore(['GetObject', 'ListParts', 'DeleteObject']));
    expect(failures.map(({ permission }) => permission)).toEqual([
      's3:GetObject',
      's3:ListMultipartUploadParts',
      's3:DeleteObject',
    ]);
  });

  it('does not trust a storage that gives back something else', async () => {
    const store = createMemoryStore();
    const get: typeof store.get = async () => ({ body: Buffer.from('other'), etag: '"x"' });
    expect(await checkStorage({ ...store, get })).toMatchObject([{ permission: 's3:GetObject' }]);
  });

  it('stops at once when the storage cannot be reached', async () => {
    const put = async () => {
      throw new StorageError('unavailable', 'PutObject', 'PutObject: connect ECONNREFUSED');
    };
    const list = async () => {
      throw new Error('should not be asked');
    };
    expect(await checkStorage({ ...createMemoryStore(), put, list })).toMatchObject([
      { kind: 'unavailable' },
    ]);
  });

  it('passes on what is no fault of the storage', async () => {
    const put = async () => {
      throw new TypeError('a bug');
    };
    await expect(checkStorage({ ...createMemoryStore(), put })).rejects.toThrow('a bug');
  });
});
