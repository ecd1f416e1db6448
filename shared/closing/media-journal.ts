import { WORK_PREFIX } from '../constants.ts';
import { together } from '../home/together.ts';
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

export const folderOf = ({ heldKey }: Pick<Journal, 'heldKey'>): string =>
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

/** Where the work objects of a file are, in every storage. */
export const workFolder = ({ recordId, fileId }: Pick<RecordingFile, 'recordId' | 'fileId'>): string =>
  `${WORK_PREFIX}${recordId}/${fileId}/`;

/** Of the object with which a recorder finds out whether a storage takes something again; there for a moment only. */
export const probeKey = ({ recordId }: Pick<RecordingFile, 'recordId'>): string =>
  `${WORK_PREFIX}${recordId}/probe`;

export type JournaledFile = RecordingFile & { journal: Journal };

/** What the metadata of a work object, or of a file that was put whole, say. */
export const secondsOf = (object: { metadata: Record<string, string> } | undefined): number | undefined => {
  const text = object?.metadata['duration-seconds'];
  return text === undefined ? undefined : Number(text);
};

export interface ClosedMedia {
  readonly sizeBytes: number;
  readonly durationSeconds: number;
}

/** A storage that may hold something of a file, and the key that the whole file has there. */
export interface Holder {
  readonly store: ObjectStore;
  readonly key: string;
}

/** What else may hold something of a file than the storage that it was begun in. */
export interface Elsewhere {
  readonly holders: readonly Holder[];
  /** Whether the file is closed without a storage that does not answer. */
  ignores(holder: Holder, error: unknown): boolean;
  /** Copies an object into a part of an upload in the storage that the file was begun in. */
  bringPart(from: Holder, upload: { key: string; uploadId: string }, number: number): Promise<Part>;
}

const NOWHERE: Elsewhere = {
  holders: [],
  ignores: () => false,
  bringPart: () => Promise.reject(new Error('There is nothing elsewhere')),
};

/** The work objects of a file that one storage has. */
interface Holding {
  readonly holder: Holder;
  readonly sizes: ReadonlyMap<string, number>;
}

const holdingOf = async (holder: Holder, { journal }: JournaledFile): Promise<Holding> => {
  const listed = await holder.store.list(folderOf(journal));
  return { holder, sizes: new Map(listed.map(({ key, size }) => [key, size])) };
};

/** The storage that has most of an object; the first one of equals. */
const largest = (holdings: readonly Holding[], key: string): { holder: Holder; size: number } | undefined => {
  const sizeIn = ({ sizes }: Holding): number => sizes.get(key) ?? -1;
  const [first] = [...holdings].sort((one, other) => sizeIn(other) - sizeIn(one));
  return first?.sizes.has(key) ? { holder: first.holder, size: sizeIn(first) } : undefined;
};

/** Closes a file of which everything is in its held object. `at` is where it then is. */
const closeSmall = async (
  store: ObjectStore,
  file: JournaledFile,
  holdings: readonly Holding[],
): Promise<(ClosedMedia & { at: Holder }) | undefined> => {
  const { heldKey, initialHead } = file.journal;
  const holder = largest(holdings, heldKey)?.holder.store;
  const [held, about] = await Promise.all([holder?.get(heldKey), holder?.head(heldKey)]);
  const whole = chunksOf([Buffer.from(initialHead, 'base64'), ...(held ? [held.body] : [])]);
  // Its recorder may have put the whole file and not lived to say so; what is held is only the beginning of that.
  const done = await Promise.all(
    holdings.map(async ({ holder: at }) => ({ at, head: await at.store.head(at.key) })),
  );
  const [best] = done.sort((one, other) => (other.head?.size ?? -1) - (one.head?.size ?? -1));
  // Only a whole file says how long it is; it may end before what was held.
  const isWhole = best?.head !== undefined && secondsOf(best.head) !== undefined;
  if (best?.head !== undefined && (held === undefined || isWhole || best.head.size >= whole.length)) {
    const durationSeconds = secondsOf(best.head) ?? secondsOf(about) ?? 0;
    return { sizeBytes: best.head.size, durationSeconds, at: best.at };
  }
  if (held === undefined || held.body.length === 0) return undefined;
  await store.put(file.key, whole, { contentType: CONTENT_TYPES[file.format] });
  return { sizeBytes: whole.length, durationSeconds: secondsOf(about) ?? 0, at: { store, key: file.key } };
};

interface Tail {
  readonly holder: Holder;
  readonly part: number;
  readonly size: number;
  readonly seconds: number;
}

const tailsOf = async (holdings: readonly Holding[], { tailKey }: Journal): Promise<Tail[]> => {
  const having = holdings.filter(({ sizes }) => sizes.has(tailKey));
  return Promise.all(
    having.map(async ({ holder, sizes }) => {
      const head = await holder.store.head(tailKey);
      const [part, seconds] = [Number(head?.metadata.part), secondsOf(head) ?? 0];
      return { holder, part, seconds, size: sizes.get(tailKey) ?? 0 };
    }),
  );
};

interface FinalHead {
  readonly body: Buffer;
  readonly mediaBytes: number;
  readonly seconds: number;
}

/** The heads that recorders have put apart. */
const finalHeads = async (holdings: readonly Holding[], journal: Journal): Promise<FinalHead[]> => {
  const key = strayHeadKey(journal);
  const having = holdings.filter(({ sizes }) => sizes.has(key));
  const found = await Promise.all(
    having.map(async ({ holder: { store } }) => {
      const [about, object] = await Promise.all([store.head(key), store.get(key)]);
      const mediaBytes = Number(about?.metadata['media-bytes']);
      return object === undefined ? [] : [{ body: object.body, mediaBytes, seconds: secondsOf(about) ?? 0 }];
    }),
  );
  return found.flat();
};

/** What is to become parts of an upload beside those that it has: all that follows one another without a gap. */
const missingParts = (listed: ReadonlyMap<number, Part>, holdings: readonly Holding[], journal: Journal) => {
  const missing: { number: number; from: Holder }[] = [];
  let bytes = 0;
  let next = 2;
  for (; ; next += 1) {
    const part = listed.get(next);
    const key = strayPartKey(journal, next);
    const stray = part === undefined ? largest(holdings, key) : undefined;
    const found = part ?? stray;
    if (found === undefined) break;
    bytes += found.size;
    if (stray !== undefined) missing.push({ number: next, from: { ...stray.holder, key } });
  }
  return { missing, next, bytes };
};

/** Parts on their way at once. */
const CONCURRENCY = 4;

const closeUpload = async (
  store: ObjectStore,
  file: JournaledFile,
  holdings: readonly Holding[],
  { bringPart }: Elsewhere,
): Promise<ClosedMedia | undefined> => {
  const { journal, key } = file;
  const tails = await tailsOf(holdings, journal);
  const listed = journal.uploadId === undefined ? [] : await store.listParts(key, journal.uploadId);
  if (listed === undefined) {
    // The upload is gone: completed by a closer that did not live to say so, or never to be had again.
    const done = await store.head(key);
    if (done === undefined) return closeSmall(store, file, holdings);
    const heads = await finalHeads(holdings, journal);
    const final = heads.find(({ body, mediaBytes }) => body.length + mediaBytes === done.size);
    const known = Math.max(file.durationSeconds, ...tails.map(({ seconds }) => seconds));
    return { sizeBytes: done.size, durationSeconds: final?.seconds ?? known };
  }
  const parts = new Map(listed.map((part) => [part.number, part]));
  const { missing, next, bytes } = missingParts(parts, holdings, journal);
  const [tail] = tails.filter(({ part }) => part === next).sort((one, other) => other.size - one.size);
  if (journal.uploadId === undefined && missing.length === 0 && tail === undefined)
    return closeSmall(store, file, holdings);
  const held = await largest(holdings, journal.heldKey)?.holder.store.get(journal.heldKey);
  if (held === undefined) return undefined;
  const heads = await finalHeads(holdings, journal);
  // Its recorder may have ended it before what it had put as a tail.
  const isEnded = heads.some(({ mediaBytes }) => mediaBytes === held.body.length + bytes);
  const last =
    tail === undefined || isEnded ? [] : [{ number: next, from: { ...tail.holder, key: journal.tailKey } }];
  const brought = [...missing, ...last];
  // Its recorder could not begin the upload that all the others are parts of.
  const uploadId = journal.uploadId ?? (await store.createUpload(key, CONTENT_TYPES[file.format]));
  await together(CONCURRENCY, brought, async ({ number, from }) => {
    parts.set(number, await bringOne(store, from, { key, uploadId }, number, bringPart));
  });
  const lastStray = brought.at(-1);
  const lastSeconds = secondsOf(await lastStray?.from.store.head(lastStray.from.key)) ?? 0;
  const used = Array.from({ length: next - 2 + last.length }, (_, index) => parts.get(index + 2)).filter(
    (part) => part !== undefined,
  );
  const mediaBytes = used.reduce((sum, { size }) => sum + size, held.body.length);
  const final = heads.find((head) => head.mediaBytes === mediaBytes);
  const head = final?.body ?? Buffer.from(journal.initialHead, 'base64');
  const first = await store.uploadPart(key, uploadId, 1, chunksOf([head, held.body]));
  await store.completeUpload(key, uploadId, [first, ...used]);
  const known = Math.max(file.durationSeconds, lastSeconds, ...tails.map(({ seconds }) => seconds));
  return { sizeBytes: head.length + mediaBytes, durationSeconds: final?.seconds ?? known };
};

const bringOne = async (
  store: ObjectStore,
  from: Holder,
  upload: { key: string; uploadId: string },
  number: number,
  bringPart: Elsewhere['bringPart'],
): Promise<Part> => {
  if (from.store !== store) return bringPart(from, upload, number);
  const object = await store.get(from.key);
  if (object === undefined) throw new Error(`The work object ${from.key} is gone`);
  return store.uploadPart(upload.key, upload.uploadId, number, object.body);
};

/**
 * Closes an MP4, FLV or AAC file from its journal and what the storages hold of it: an ordinary file when its recorder
 * left the head of one, otherwise a growing-style one that ends with the last media made durable. Safe to repeat.
 * @param store the one that the file was begun in
 * @returns undefined when nothing of the file was ever stored; `at` only when it is not where it was begun
 */
export const closeFromJournal = async (
  store: ObjectStore,
  file: JournaledFile,
  elsewhere: Elsewhere = NOWHERE,
): Promise<(ClosedMedia & { readonly at?: Holder; readonly foundIn: readonly Holder[] }) | undefined> => {
  const others = await Promise.all(
    elsewhere.holders.map((holder) =>
      holdingOf(holder, file).catch((error: unknown) => {
        if (elsewhere.ignores(holder, error)) return undefined;
        throw error;
      }),
    ),
  );
  const found = others.filter((holding) => holding !== undefined);
  const holdings = [await holdingOf({ store, key: file.key }, file), ...found];
  const closed = await closeUpload(store, file, holdings, elsewhere);
  const having = found.filter(({ sizes }) => sizes.size > 0);
  return closed && { ...closed, foundIn: having.map(({ holder }) => holder) };
};
