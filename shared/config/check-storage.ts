import { randomUUID } from 'node:crypto';
import { WORK_PREFIX } from '../constants.ts';
import { type ObjectStore, StorageError, type StorageErrorKind } from '../storage/object-store.ts';

/** One thing that a recorder must be able to do with a storage, and could not. */
export interface CheckFailure {
  readonly kind: StorageErrorKind;
  /** As IAM calls it, such as `s3:PutObject`. */
  readonly permission: string;
  /** What happened, in the storage's own words. */
  readonly message: string;
}

const PERMISSIONS: Readonly<Record<string, string>> = {
  CreateMultipartUpload: 's3:PutObject',
  UploadPart: 's3:PutObject',
  CompleteMultipartUpload: 's3:PutObject',
  ListParts: 's3:ListMultipartUploadParts',
  ListObjectsV2: 's3:ListBucket',
};

const failureOf = (error: unknown): CheckFailure => {
  if (!(error instanceof StorageError)) throw error;
  const permission = PERMISSIONS[error.operation] ?? `s3:${error.operation}`;
  return { kind: error.kind, permission, message: error.message };
};

const failureIn = async (step: () => Promise<void>): Promise<CheckFailure[]> => {
  try {
    await step();
    return [];
  } catch (error) {
    return [failureOf(error)];
  }
};

const PROBE = Buffer.from('Streamkeep writes this object to see whether it may, and deletes it.\n');

const expectProbe = async (store: ObjectStore, key: string): Promise<void> => {
  const object = await store.get(key);
  if (object === undefined || !object.body.equals(PROBE)) {
    throw new StorageError('unavailable', 'GetObject', 'GetObject: what was written did not come back');
  }
};

const uploadInParts = async (store: ObjectStore, key: string): Promise<void> => {
  const uploadId = await store.createUpload(key, 'text/plain');
  await store.uploadPart(key, uploadId, 1, PROBE);
  const parts = await store.listParts(key, uploadId);
  if (parts?.length !== 1) {
    throw new StorageError('unavailable', 'ListParts', 'ListParts: an uploaded part is not listed');
  }
  await store.completeUpload(key, uploadId, parts);
  await expectProbe(store, key);
};

const abortOne = async (store: ObjectStore, key: string): Promise<void> => {
  await store.abortUpload(key, await store.createUpload(key, 'text/plain'));
};

/**
 * Does with a storage, in small, all that recording does: writes, reads, lists and deletes an object, and completes and
 * aborts an upload. Returns what failed, nothing when all went well.
 */
export const checkStorage = async (store: ObjectStore): Promise<CheckFailure[]> => {
  const prefix = `${WORK_PREFIX}checks/${randomUUID()}`;
  const whole = `${prefix}/whole`;
  const inParts = `${prefix}/in-parts`;
  const written = await failureIn(
    async () => void (await store.put(whole, PROBE, { contentType: 'text/plain' })),
  );
  // Without writing the other steps tell nothing, and against a dead endpoint each would take its own time-out.
  if (written.length > 0) return written;
  const steps = [
    () => expectProbe(store, whole),
    async () => void (await store.list(prefix)),
    () => uploadInParts(store, inParts),
    () => abortOne(store, `${prefix}/aborted`),
  ];
  const used = await Promise.all(steps.map(failureIn));
  const deletions = [whole, inParts].map((key) => failureIn(() => store.delete(key)));
  const failures = [...used, ...(await Promise.all(deletions))].flat();
  const byPermission = new Map(failures.map((failure) => [failure.permission, failure]));
  return [...byPermission.values()];
};
