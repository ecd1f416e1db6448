import { type ObjectStore, StorageError } from './object-store.ts';

/** Aborts an upload, if it is open. @throws StorageError */
export const abortUpload = async (store: ObjectStore, key: string, uploadId: string): Promise<void> => {
  try {
    await store.abortUpload(key, uploadId);
  } catch (error) {
    if (!(error instanceof StorageError && error.kind === 'missing')) throw error;
  }
};

/**
 * Aborts whatever uploads are open under a key. More than one is when the answer to the beginning of one was lost, or
 * whoever began it died before noting it. @throws StorageError
 */
export const abortUploads = async (store: ObjectStore, key: string): Promise<void> => {
  for (const uploadId of await store.listUploads(key)) await abortUpload(store, key, uploadId);
};
