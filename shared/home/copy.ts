import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { deleteObject } from '../deletion/file-objects.ts';
import type { Copy } from '../schemas/recording.ts';
import type { Bucket } from '../schemas/storage.ts';
import {
  type ByteRange,
  type ObjectHead,
  type ObjectStore,
  type Part,
  StorageError,
} from '../storage/object-store.ts';
import { together } from './together.ts';

/** One object, or what is to become one. */
export interface Spot {
  readonly store: ObjectStore;
  readonly bucket: Bucket;
  readonly key: string;
}

/** An object, or the upload that is to become it. */
interface Made extends Spot {
  readonly uploadId?: string;
}

/** There is no time left for the next step; what is done stays done. */
export class OutOfTimeError extends Error {
  override readonly name = 'OutOfTimeError';
}

export interface CopyLimits {
  /** Objects up to this size are copied by one request. */
  readonly singleBytes: number;
  /** Of each part of larger ones, unless S3 allows too few parts for that. */
  readonly partBytes: number;
  /** Parts on their way at once. */
  readonly concurrency: number;
}

/** One request copies some 100 MB/s, and several at once so many times that. */
const LIMITS: CopyLimits = {
  singleBytes: 64 * 1024 * 1024,
  partBytes: 32 * 1024 * 1024,
  concurrency: 6,
};

/** So many parts are compared until that is noted, for the next run to go on from. */
const NOTED_PARTS = 32;

/** S3's own. */
const MOST_PARTS = 10_000;
const TRIES = 3;

export interface CopierOptions {
  readonly limits?: CopyLimits;
  /** Whether there is time for one more step. */
  hasTime(): boolean;
}

const partRanges = (size: number, partBytes: number): ByteRange[] =>
  Array.from({ length: Math.ceil(size / partBytes) }, (_, index) => ({
    start: index * partBytes,
    length: Math.min(partBytes, size - index * partBytes),
  }));

const missing = ({ key, bucket: { bucket } }: Spot): StorageError =>
  new StorageError('missing', 'GetObject', `GetObject: NoSuchKey: ${key} is gone`, { bucket });

/** The network may fail for a moment; a body that was read in part must then be read anew. */
const again = async <Result>(work: () => Promise<Result>): Promise<Result> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      const mayPass = error instanceof StorageError && error.kind === 'unavailable';
      if (!mayPass || tries === TRIES) throw error;
    }
  }
};

const digestOf = async ({ store, key }: Spot, range: ByteRange): Promise<string> => {
  const hash = createHash('sha256');
  const body = await store.read(key, range);
  for await (const bytes of body?.stream ?? []) hash.update(bytes);
  return hash.digest('hex');
};

/** Copies objects between storages, and proves that the copies are what was copied. All of it throws `StorageError`. */
export const createCopier = ({ limits = LIMITS, hasTime }: CopierOptions) => {
  /** Pairs of buckets between which the storage does not copy by itself. */
  const refused = new Set<string>();
  const made: Made[] = [];
  /** Notes what is not there yet, or not whole. */
  const makes = (spot: Made): void => void made.push(spot);

  const goOn = (): void => {
    if (!hasTime()) throw new OutOfTimeError('There is no time left to go on');
  };

  /** By the storage itself where it can see both; through here where it cannot, or does not want to. */
  const between = async <Result>(
    from: Spot,
    to: Spot,
    by: { storage(): Promise<Result>; hand(): Promise<Result> },
  ): Promise<Result> => {
    const [one, other] = [from.bucket, to.bucket];
    const pair = JSON.stringify([one, other]);
    const isOneAccount =
      one.endpoint === other.endpoint && isDeepStrictEqual(one.credentials, other.credentials);
    if (isOneAccount && !refused.has(pair)) {
      try {
        return await by.storage();
      } catch (error) {
        if (!(error instanceof StorageError)) throw error;
        // Whatever it was, reading and writing tell better what is wrong, if it is not this.
        refused.add(pair);
      }
    }
    return again(by.hand);
  };

  const read = async (from: Spot, range?: ByteRange) => {
    const body = await from.store.read(from.key, range);
    if (body === undefined) throw missing(from);
    return body;
  };

  /** Copies some bytes of an object into a part. */
  const copyPart = (
    from: Spot,
    { etag }: Pick<ObjectHead, 'etag'>,
    range: ByteRange,
    to: Spot & { readonly uploadId: string },
    number: number,
  ): Promise<Part> => {
    const source = { bucket: from.bucket.bucket, key: from.key, etag };
    return between(from, to, {
      storage: () => to.store.copyPart(source, range, to.key, to.uploadId, number),
      hand: async () => to.store.uploadPart(to.key, to.uploadId, number, await read(from, range)),
    });
  };

  /**
   * Whether two objects have the same bytes: by the checksums that the storages keep of the whole, or by reading both
   * where one of them keeps none, from where an earlier run has come to.
   */
  const isSame = async (one: Spot, other: Spot, progress?: CopyProgress): Promise<boolean> => {
    const [head, otherHead] = await Promise.all([one.store.head(one.key), other.store.head(other.key)]);
    if (head === undefined || otherHead === undefined || head.size !== otherHead.size) return false;
    if (head.crc32 !== undefined && otherHead.crc32 !== undefined) return head.crc32 === otherHead.crc32;
    const copy = progress?.copy?.etag === head.etag ? progress.copy : undefined;
    const done = copy?.compared?.etag === otherHead.etag ? copy.compared.bytes : 0;
    for (const [index, range] of partRanges(head.size, limits.partBytes).entries()) {
      const bytes = range.start + range.length;
      if (bytes <= done) continue;
      goOn();
      const digests = await Promise.all([digestOf(one, range), digestOf(other, range)]);
      if (digests[0] !== digests[1]) return false;
      if (copy !== undefined && (index + 1) % NOTED_PARTS === 0)
        await progress?.note({ ...copy, compared: { etag: otherHead.etag, bytes } });
    }
    return true;
  };

  const verify = async (from: Spot, to: Spot, progress?: CopyProgress): Promise<void> => {
    if (await isSame(from, to, progress)) return;
    const { bucket } = to.bucket;
    throw new StorageError('unavailable', 'HeadObject', `HeadObject: ${to.key} is not what was copied`, {
      bucket,
    });
  };

  const copyAtOnce = async (from: Spot, to: Spot, head: ObjectHead): Promise<void> => {
    makes(to);
    const { etag, metadata, contentType, cacheControl } = head;
    const about = {
      metadata,
      ...(contentType === undefined ? {} : { contentType }),
      ...(cacheControl === undefined ? {} : { cacheControl }),
    };
    await between(from, to, {
      storage: () => to.store.copy({ bucket: from.bucket.bucket, key: from.key, etag }, to.key),
      hand: async () => {
        await to.store.put(to.key, await read(from), about);
      },
    });
  };

  const begin = async (to: Spot, head: ObjectHead): Promise<Copy> => {
    const { etag, size, contentType = 'application/octet-stream', metadata, cacheControl } = head;
    const options = { metadata, ...(cacheControl === undefined ? {} : { cacheControl }) };
    return {
      uploadId: await to.store.createUpload(to.key, contentType, options),
      etag,
      partBytes: Math.max(limits.partBytes, Math.ceil(size / MOST_PARTS)),
    };
  };

  /** Goes on with a copy that is under way, or begins one and has it noted. */
  const copyInParts = async (from: Spot, to: Spot, head: ObjectHead, progress: CopyProgress) => {
    const before = progress.copy;
    let listed = before && (await to.store.listParts(to.key, before.uploadId));
    let copy = before;
    if (copy === undefined || listed === undefined || copy.etag !== head.etag) {
      if (copy !== undefined && listed !== undefined) await to.store.abortUpload(to.key, copy.uploadId);
      copy = await begin(to, head);
      listed = [];
    }
    const upload = { ...to, uploadId: copy.uploadId };
    makes(upload);
    if (copy !== before) await progress.note(copy);
    const there = new Map(listed.map((part) => [part.number, part]));
    const ranges = partRanges(head.size, copy.partBytes).entries();
    await together(limits.concurrency, ranges, async ([index, range]) => {
      const number = index + 1;
      if (there.get(number)?.size === range.length) return;
      goOn();
      there.set(number, await copyPart(from, head, range, upload, number));
    });
    const parts = [...there.values()].sort((one, other) => one.number - other.number);
    await to.store.completeUpload(to.key, upload.uploadId, parts);
  };

  /**
   * Copies an object, with what its writer said of it, and verifies the copy. What is there already is not copied
   * again; a large one goes on where it was.
   */
  const copyObject = async (from: Spot, to: Spot, progress?: CopyProgress): Promise<ObjectHead> => {
    const head = await from.store.head(from.key);
    if (head === undefined) throw missing(from);
    if (await isSame(from, to, progress)) return head;
    goOn();
    if (progress === undefined || head.size <= limits.singleBytes) await copyAtOnce(from, to, head);
    else await copyInParts(from, to, head, progress);
    await verify(from, to, progress);
    return head;
  };

  /** Deletes what was made, and aborts what was being made: of a file that somebody has deleted meanwhile. */
  const undo = async (): Promise<void> => {
    for (const { store, key, uploadId } of made) await deleteObject(store, key, uploadId);
  };

  return { copyObject, copyPart, goOn, makes, undo };
};
export type Copier = ReturnType<typeof createCopier>;

/** How far the copy of a large object is. */
export interface CopyProgress {
  /** As it was noted last. */
  readonly copy: Copy | undefined;
  /** Remembers a copy that was begun, and how much of it was compared, so that the next run goes on with it. */
  note(copy: Copy): Promise<void>;
}
