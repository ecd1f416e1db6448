import type { ObjectStore } from '../../shared/storage/object-store.ts';
import type { Fence } from './fence.ts';

/**
 * The same bucket for a recorder that may have been taken for dead: each operation begins only when it is certain that
 * it has not, and is broken off when that becomes doubtful.
 */
export const fencedStore = (store: ObjectStore, fence: Fence): ObjectStore => {
  const fenced = async <Result>(operation: (store: ObjectStore) => Promise<Result>): Promise<Result> => {
    await fence.held();
    return operation(store.within(fence.doubt()));
  };
  return {
    put: (...given) => fenced((within) => within.put(...given)),
    get: (...given) => fenced((within) => within.get(...given)),
    head: (...given) => fenced((within) => within.head(...given)),
    delete: (...given) => fenced((within) => within.delete(...given)),
    deleteMany: (...given) => fenced((within) => within.deleteMany(...given)),
    list: (...given) => fenced((within) => within.list(...given)),
    createUpload: (...given) => fenced((within) => within.createUpload(...given)),
    uploadPart: (...given) => fenced((within) => within.uploadPart(...given)),
    listParts: (...given) => fenced((within) => within.listParts(...given)),
    completeUpload: (...given) => fenced((within) => within.completeUpload(...given)),
    abortUpload: (...given) => fenced((within) => within.abortUpload(...given)),
    presign: (...given) => fenced((within) => within.presign(...given)),
    within: (signal) => fencedStore(store.within(signal), fence),
  };
};
