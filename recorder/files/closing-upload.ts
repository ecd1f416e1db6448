import { strayHeadKey, strayHeadMetadata, strayPartKey } from '../../shared/closing/media-journal.ts';
import type { Checksum, Journal } from '../../shared/schemas/recording.ts';
import {
  type Chunks,
  chunksOf,
  type ObjectStore,
  type Part,
  StorageError,
} from '../../shared/storage/object-store.ts';

/** The upload of a file, or its parts, are gone: somebody else has closed the file, or cleared it away. */
export class UploadGoneError extends Error {
  override readonly name = 'UploadGoneError';
}

interface Upload {
  readonly key: string;
  readonly uploadId: string;
}

/** What a file still lacks when its media have ended. */
export interface UploadEnd {
  readonly journal: Journal;
  /** Of all its media. */
  readonly head: Buffer;
  /** Length of what its held object must have. */
  readonly heldBytes: number;
  /** Media that are in no part yet, and the part that they become; may be empty. */
  readonly rest: Chunks;
  readonly number: number;
}

/** @throws UploadGoneError, StorageError */
export const uploadingPart = async (
  store: ObjectStore,
  { key, uploadId }: Upload,
  number: number,
  media: Chunks,
): Promise<Part> => {
  try {
    return await store.uploadPart(key, uploadId, number, media);
  } catch (cause) {
    // An answer about the upload, not a fault of the storage: no other try would end otherwise.
    if (cause instanceof StorageError && cause.kind === 'missing')
      throw new UploadGoneError(`The upload of ${key} is gone`, { cause });
    throw cause;
  }
};

/** A file that is whole. */
export interface CompletedUpload {
  readonly sizeBytes: number;
  readonly checksum: Checksum;
}

const sizeOf = (parts: readonly Part[]): number => parts.reduce((sum, { size }) => sum + size, 0);

/** The same parts with the ETags that the storage itself gives them. @throws UploadGoneError when one is not there */
const asListed = async (
  store: ObjectStore,
  { key, uploadId }: Upload,
  parts: readonly Part[],
): Promise<Part[]> => {
  const listed = new Map((await store.listParts(key, uploadId))?.map((part) => [part.number, part]));
  return parts.map(({ number, size }) => {
    const part = listed.get(number);
    if (part?.size !== size) throw new UploadGoneError(`Part ${number} of ${key} is not what was uploaded`);
    return part;
  });
};

/**
 * Completes an upload: the head and the held media as part 1, what is left as the last part. What is returned may be
 * run again and again until it succeeds; parts that are there are not sent again.
 */
export const completing = (
  { journal, head, heldBytes, rest, number }: UploadEnd,
  { parts, ...upload }: Upload & { readonly parts: readonly Part[] },
): ((store: ObjectStore) => Promise<CompletedUpload>) => {
  const { key, uploadId } = upload;
  let [first, last]: (Part | undefined)[] = [];
  let tries = 0;

  const putFirst = async (store: ObjectStore): Promise<Part> => {
    const held = await store.get(journal.heldKey);
    if (held === undefined) throw new UploadGoneError(`The held object ${journal.heldKey} is gone`);
    // A write that was broken off may have come behind the one that followed it.
    if (held.body.length !== heldBytes)
      throw new UploadGoneError(`The held object ${journal.heldKey} is not what was stored`);
    return uploadingPart(store, upload, 1, chunksOf([head, held.body]));
  };

  /** What an earlier try made, of which only the answer was lost. */
  const done = async (store: ObjectStore, size: number): Promise<Checksum | undefined> => {
    const head = tries > 1 ? await store.head(key) : undefined;
    if (head?.size !== size) return undefined;
    return { etag: head.etag, ...(head.crc32 === undefined ? {} : { crc32: head.crc32 }) };
  };

  return async (store) => {
    tries += 1;
    const [one, other] = await Promise.allSettled([
      first ?? putFirst(store),
      rest.length === 0 ? undefined : (last ?? uploadingPart(store, upload, number, rest)),
    ]);
    if (one.status === 'fulfilled') first = one.value;
    if (other.status === 'fulfilled') last = other.value;
    // The first try to complete it may have done so, and cleared the parts away.
    const failed = [one, other].find((each) => each.status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
    const all = [first, ...parts, last].filter((part) => part !== undefined);
    const sizeBytes = sizeOf(all);
    try {
      // When it was refused once, what was answered to the parts may have been wrong.
      const known = tries === 1 ? all : await asListed(store, upload, all);
      return { sizeBytes, checksum: await store.completeUpload(key, uploadId, known) };
    } catch (error) {
      const checksum = await done(store, sizeBytes);
      if (checksum === undefined) throw error;
      return { sizeBytes, checksum };
    }
  };
};

/** Puts the rest of a file and its head where it waits for its upload. */
export const strayingEnd = async (
  store: ObjectStore,
  { journal, head, rest, number }: UploadEnd,
  { mediaBytes, durationSeconds }: { readonly mediaBytes: number; readonly durationSeconds: number },
): Promise<undefined> => {
  if (rest.length > 0) await store.put(strayPartKey(journal, number), rest);
  const metadata = strayHeadMetadata(mediaBytes, durationSeconds);
  await store.put(strayHeadKey(journal), head, { metadata });
};
