import { randomUUID } from 'node:crypto';
import { WORK_PREFIX } from '../constants.ts';
import { type ObjectStore, StorageError } from '../storage/object-store.ts';
import { type CheckFailure, failureIn, failuresIn, type Step, withoutRepeats } from './check-failures.ts';

const PROBE = Buffer.from('Streamkeep writes this object to see whether it may, and deletes it.\n');
const TYPE = 'text/plain';

/**
 * Asks for everything with names that nothing has: whoever may is told that there is nothing, whoever may not is
 * denied. So all that is denied is known at once, before anything is written that could not be deleted again.
 */
const findDenied = async (store: ObjectStore, prefix: string): Promise<CheckFailure[]> => {
  const key = `${prefix}/nothing`;
  const failures = await failuresIn([
    // The same permission as for writing an object.
    () => store.uploadPart(key, 'nothing', 1, PROBE),
    () => store.get(key),
    () => store.delete(key),
    () => store.list(prefix),
    () => store.listParts(key, 'nothing'),
    () => store.listUploads(key),
    () => store.abortUpload(key, 'nothing'),
  ]);
  return failures.filter(({ kind }) => kind !== 'missing' && kind !== 'conflict');
};

/** Takes a step that names what must be undone after it, last first, whatever becomes of it. */
const tidily = async (step: (after: (undo: Step) => void) => Promise<void>): Promise<CheckFailure[]> => {
  const undos: Step[] = [];
  const failures = await failureIn(() => step((undo) => void undos.unshift(undo)));
  for (const undo of undos) failures.push(...(await failureIn(undo)));
  return failures;
};

const expectProbe = async (store: ObjectStore, key: string): Promise<void> => {
  const object = await store.get(key);
  if (object?.body.equals(PROBE)) return;
  throw new StorageError('unavailable', 'GetObject', 'GetObject: what was written did not come back');
};

const tryWhole = (store: ObjectStore, key: string): Promise<CheckFailure[]> =>
  tidily(async (after) => {
    // Also when writing fails: it may be the answer alone that was lost.
    after(() => store.delete(key));
    await store.put(key, PROBE, { contentType: TYPE });
    await expectProbe(store, key);
  });

const tryCompleted = (store: ObjectStore, key: string): Promise<CheckFailure[]> =>
  tidily(async (after) => {
    after(() => store.delete(key));
    const uploadId = await store.createUpload(key, TYPE);
    let isOpen = true;
    after(async () => isOpen && store.abortUpload(key, uploadId));
    const part = await store.uploadPart(key, uploadId, 1, PROBE);
    const listed = await store.listParts(key, uploadId);
    if (listed?.length !== 1) {
      throw new StorageError('unavailable', 'ListParts', 'ListParts: an uploaded part is not listed');
    }
    await store.completeUpload(key, uploadId, [part]);
    isOpen = false;
    await expectProbe(store, key);
  });

const tryAborted = (store: ObjectStore, key: string): Promise<CheckFailure[]> =>
  tidily(async (after) => {
    const uploadId = await store.createUpload(key, TYPE);
    let end: Step = () => store.abortUpload(key, uploadId);
    after(() => end());
    const part = await store.uploadPart(key, uploadId, 1, PROBE);
    // What cannot be aborted can still be completed, and then deleted.
    end = () => store.completeUpload(key, uploadId, [part]).then(() => store.delete(key));
    await store.abortUpload(key, uploadId);
    end = async () => undefined;
  });

/** Without these nothing could be written, or not be deleted again; the others are for looking only. */
const LOOKING = new Set([
  's3:GetObject',
  's3:ListBucket',
  's3:ListMultipartUploadParts',
  's3:ListBucketMultipartUploads',
]);

/**
 * Does with a storage, in small, all that recording does: writes, reads, lists and deletes an object, and completes and
 * aborts an upload. Returns all that failed, nothing when all went well. Nothing of it stays in the bucket.
 */
export const checkStorage = async (store: ObjectStore): Promise<CheckFailure[]> => {
  const prefix = `${WORK_PREFIX}checks/${randomUUID()}`;
  const denied = await findDenied(store, prefix);
  if (denied.some(({ kind, permission }) => kind !== 'denied' || !LOOKING.has(permission))) {
    return withoutRepeats(denied);
  }
  const failures = await Promise.all([
    tryWhole(store, `${prefix}/whole`),
    tryCompleted(store, `${prefix}/in-parts`),
    tryAborted(store, `${prefix}/aborted`),
  ]);
  // S3 denies reading what is not there to whoever may not list: only what was read here tells.
  const sure = denied.filter(({ permission }) => permission !== 's3:GetObject');
  return withoutRepeats([...sure, ...failures.flat()]);
};
