import type { Journal, RecordingFile } from '../schemas/recording.ts';
import { CONTENT_TYPES } from '../storage/content-types.ts';
import { chunksOf, type ObjectStore, type Part } from '../storage/object-store.ts';

/** User metadata of a tail object: the part that it would have become, and how long the file is with it. */
export const tailMetadata = (part: number, durationSeconds: number): Record<string, string> => ({
  part: String(part),
  ...durationMetadata(durationSeconds),
});

/** User metadata of a file that is put whole, so that its closer need not read it. */
export const durationMetadata = (durationSeconds: number): Record<string, string> => ({
  'duration-seconds': durationSeconds.toFixed(3),
});

const folderOf = ({ heldKey }: Pick<Journal, 'heldKey'>): string =>
  heldKey.slice(0, heldKey.lastIndexOf('/') + 1);

/**
 * When the storage of an upload stops answering, what is still to come of its file is put elsewhere, under keys of the
 * same work folder: one object for each part that the upload lacks, with exactly the bytes of that part, ...
 */
export const strayPartKey = (journal: Pick<Journal, 'heldKey'>, part: number): string =>
  `${folderOf(journal)}part-${String(part).padStart(5, '0')}`;

/** ... and at the end the head that makes an ordinary file of exactly so many bytes of media (`strayHeadMetadata`). */
export const strayHeadKey = (journal: Pick<Journal, 'heldKey'>): string => `${folderOf(journal)}head`;

/** User metadata of a head that is put apart: what it is the head of. */
export const strayHeadMetadata = (mediaBytes: number, durationSeconds: number): Record<string, string> => ({
  'media-bytes': String(mediaBytes),
  ...durationMetadata(durationSeconds),
});

const secondsOf = (object: { metadata: Record<string, string> } | undefined): number | undefined => {
  const text = object?.metadata['duration-seconds'];
  return text === undefined ? undefined : Number(text);
};

export interface ClosedMedia {
  readonly sizeBytes: number;
  readonly durationSeconds: number;
}

type Journaled = RecordingFile & { journal: NonNullable<RecordingFile['journal']> };

/** The longest run of parts from number 2 on: what comes after a gap would be torn media. */
const contiguous = (parts: readonly Part[]): Part[] =>
  parts.filter(({ number }) => number > 1).filter((part, index) => part.number === index + 2);

const closeSmall = async (store: ObjectStore, file: Journaled): Promise<ClosedMedia | undefined> => {
  const held = await store.get(file.journal.heldKey);
  const about = await store.head(file.journal.heldKey);
  const whole = chunksOf([Buffer.from(file.journal.initialHead, 'base64'), ...(held ? [held.body] : [])]);
  // Its recorder may have put the whole file and not lived to say so; what is held is only the beginning of that.
  const done = await store.head(file.key);
  if (done !== undefined && (held === undefined || done.size >= whole.length)) {
    return { sizeBytes: done.size, durationSeconds: secondsOf(done) ?? secondsOf(about) ?? 0 };
  }
  if (held === undefined || held.body.length === 0) return undefined;
  await store.put(file.key, whole, { contentType: CONTENT_TYPES[file.format] });
  return { sizeBytes: whole.length, durationSeconds: secondsOf(about) ?? 0 };
};

const closeUpload = async (
  store: ObjectStore,
  file: Journaled,
  uploadId: string,
): Promise<ClosedMedia | undefined> => {
  const tail = await store.head(file.journal.tailKey);
  const known = secondsOf(tail) ?? 0;
  const listed = await store.listParts(file.key, uploadId);
  if (listed === undefined) {
    // The upload is gone: completed by a closer that did not live to say so, or never to be had again.
    const done = await store.head(file.key);
    if (done === undefined) return closeSmall(store, file);
    return { sizeBytes: done.size, durationSeconds: Math.max(known, file.durationSeconds) };
  }
  const parts = contiguous(listed);
  const held = await store.get(file.journal.heldKey);
  if (held === undefined) return undefined;
  const next = parts.length + 2;
  if (tail?.metadata.part === String(next)) {
    const body = (await store.get(file.journal.tailKey))?.body;
    if (body !== undefined) parts.push(await store.uploadPart(file.key, uploadId, next, body));
  }
  const first = chunksOf([Buffer.from(file.journal.initialHead, 'base64'), held.body]);
  const all = [await store.uploadPart(file.key, uploadId, 1, first), ...parts];
  await store.completeUpload(file.key, uploadId, all);
  return {
    sizeBytes: all.reduce((sum, { size }) => sum + size, 0),
    durationSeconds: Math.max(known, file.durationSeconds),
  };
};

/**
 * Closes an MP4, FLV or AAC file from its journal and what the bucket holds of it: a valid, growing-style file that
 * ends with the last media made durable. Safe to repeat.
 * @returns undefined when nothing of the file was ever stored
 */
export const closeFromJournal = async (
  store: ObjectStore,
  file: Journaled,
): Promise<ClosedMedia | undefined> => {
  const { uploadId } = file.journal;
  return uploadId === undefined ? closeSmall(store, file) : closeUpload(store, file, uploadId);
};

/** Removes the objects that existed only while the file was open. */
export const removeWorkObjects = async (store: ObjectStore, { journal }: Journaled): Promise<void> => {
  await Promise.all([store.delete(journal.heldKey), store.delete(journal.tailKey)]);
};

/** Aborts every upload of a key: of one that is put together none is needed any more. */
export const abortUploads = async (store: ObjectStore, key: string): Promise<void> => {
  for (const uploadId of await store.listUploads(key)) await store.abortUpload(key, uploadId);
};
