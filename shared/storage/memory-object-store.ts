import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import {
  type Chunks,
  type CopySource,
  type ObjectStore,
  type Part,
  StorageError,
  type StorageErrorKind,
  type Streamed,
} from './object-store.ts';

const LEAST_PART_BYTES = 5 * 1024 * 1024;
const MOST_PARTS = 10_000;
const MOST_DELETIONS = 1000;

export interface MemoryObject {
  readonly body: Buffer;
  readonly etag: string;
  readonly contentType: string | undefined;
  readonly cacheControl: string | undefined;
  readonly metadata: Record<string, string>;
}

interface Upload {
  readonly key: string;
  readonly contentType: string;
  readonly cacheControl: string | undefined;
  readonly metadata: Record<string, string>;
  readonly parts: Map<number, { body: Buffer; etag: string }>;
}

/** One operation, by S3's name for it. */
export interface StoreCall {
  readonly operation: string;
  readonly key: string;
}

export interface MemoryObjectStore extends ObjectStore {
  readonly objects: ReadonlyMap<string, MemoryObject>;
  /** Open uploads by id. */
  readonly uploads: ReadonlyMap<string, Upload>;
  /** Every operation that was begun, failed ones included. */
  readonly calls: readonly StoreCall[];
  /** Whether it tells the checksums of its objects, as not every storage does. */
  checksums: boolean;
  /** Of every part but the last: S3's own limit, unless a test has many parts. */
  leastPartBytes: number;
  /** Runs before each operation: may wait, or throw so that it does not happen. */
  before: ((call: StoreCall) => void | Promise<void>) | undefined;
  /** Runs after each operation has happened: when it throws or waits for ever, the answer is lost. */
  after: ((call: StoreCall) => void | Promise<void>) | undefined;
}

const bytesOf = async (body: Chunks | Buffer | Streamed): Promise<Buffer> => {
  if (Buffer.isBuffer(body)) return Buffer.from(body);
  if ('buffers' in body) return Buffer.concat(body.buffers);
  const buffers: Buffer[] = [];
  for await (const buffer of body.stream) buffers.push(buffer);
  return Buffer.concat(buffers);
};
const checksumOf = (bytes: Buffer): string => {
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(bytes));
  return checksum.toString('base64');
};
const lowerCased = (metadata: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name.toLowerCase(), value]));
const md5 = (bytes: Buffer): Buffer => createHash('md5').update(bytes).digest();

/** What the S3 adapter throws for an answer of S3's. */
export const storageFault = (
  kind: StorageErrorKind,
  operation: string,
  code = 'InternalError',
): StorageError => new StorageError(kind, operation, `${operation}: ${code}`);

/** Joins parts as S3 does: they must be in order, be what was uploaded, and be large enough unless they are the last. */
const join = (
  { parts: uploaded }: Upload,
  parts: readonly Part[],
  leastBytes: number,
): { body: Buffer; etag: string } => {
  const bad = (code: string) => storageFault('unavailable', 'CompleteMultipartUpload', code);
  if (parts.length === 0) throw bad('MalformedXML');
  const joined = parts.map(({ number, etag }, index) => {
    const part = uploaded.get(number);
    if (part === undefined || part.etag !== etag) throw bad('InvalidPart');
    if (number <= (parts[index - 1]?.number ?? 0)) throw bad('InvalidPartOrder');
    if (index < parts.length - 1 && part.body.length < leastBytes) throw bad('EntityTooSmall');
    return part.body;
  });
  const digest = md5(Buffer.concat(joined.map(md5))).toString('hex');
  return { body: Buffer.concat(joined), etag: `"${digest}-${parts.length}"` };
};

/** Rejects when the signal is aborted; never resolves. */
const abortOf = (signal: AbortSignal | undefined, operation: string) => {
  const { promise, reject } = Promise.withResolvers<never>();
  // Whoever races it may have finished before.
  promise.catch(() => undefined);
  const onAbort = (): void => reject(storageFault('unavailable', operation, 'AbortError'));
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  return { promise, forget: () => signal?.removeEventListener('abort', onAbort) };
};

/**
 * A bucket in memory that behaves like S3 and can be made to fail like S3.
 * @param denied operations that are refused for want of permission, such as `PutObject`
 * @param peers buckets by name that it can copy from by itself
 */
export const createMemoryObjectStore = (
  denied: readonly string[] = [],
  peers: ReadonlyMap<string, MemoryObjectStore> = new Map(),
): MemoryObjectStore => {
  const objects = new Map<string, MemoryObject>();
  const uploads = new Map<string, Upload>();
  const calls: StoreCall[] = [];

  type Run = <Result>(operation: string, key: string, act: () => Result | Promise<Result>) => Promise<Result>;
  const running =
    (signal: AbortSignal | undefined): Run =>
    async (operation, key, act) => {
      const call = { operation, key };
      calls.push(call);
      const aborted = abortOf(signal, operation);
      try {
        await Promise.race([store.before?.(call), aborted.promise]);
        const result = await act();
        await Promise.race([store.after?.(call), aborted.promise]);
        return result;
      } finally {
        aborted.forget();
      }
    };
  const uploadOf = (operation: string, key: string, uploadId: string): Upload => {
    const upload = uploads.get(uploadId);
    if (upload === undefined || upload.key !== key) throw storageFault('missing', operation, 'NoSuchUpload');
    return upload;
  };

  const sourceOf = (operation: string, { bucket, key, etag }: CopySource): MemoryObject => {
    const peer = peers.get(bucket);
    if (peer === undefined) throw storageFault('missing', operation, 'NoSuchBucket');
    const object = peer.objects.get(key);
    if (object === undefined) throw storageFault('missing', operation, 'NoSuchKey');
    if (object.etag !== etag) throw storageFault('conflict', operation, 'PreconditionFailed');
    return object;
  };
  const putPart = (operation: string, key: string, uploadId: string, number: number, bytes: Buffer): Part => {
    const { parts } = uploadOf(operation, key, uploadId);
    if (number < 1 || number > MOST_PARTS) throw storageFault('unavailable', operation, 'InvalidArgument');
    const etag = `"${md5(bytes).toString('hex')}"`;
    parts.set(number, { body: bytes, etag });
    return { number, etag, size: bytes.length };
  };

  const bucket = (run: Run): ObjectStore => ({
    put: (key, body, { contentType, cacheControl, metadata = {}, ifMatch, ifNoneMatch } = {}) =>
      run('PutObject', key, async () => {
        const bytes = await bytesOf(body);
        const there = objects.get(key);
        if (ifMatch !== undefined && there === undefined)
          throw storageFault('missing', 'PutObject', 'NoSuchKey');
        if (
          (ifMatch !== undefined && there?.etag !== ifMatch) ||
          (ifNoneMatch === '*' && there !== undefined)
        ) {
          throw storageFault('conflict', 'PutObject', 'PreconditionFailed');
        }
        const etag = `"${md5(bytes).toString('hex')}"`;
        objects.set(key, { body: bytes, etag, contentType, cacheControl, metadata: lowerCased(metadata) });
        return etag;
      }),

    get: (key) =>
      run('GetObject', key, () => {
        const object = objects.get(key);
        return object && { body: Buffer.from(object.body), etag: object.etag };
      }),

    head: (key) =>
      run('HeadObject', key, () => {
        const object = objects.get(key);
        if (object === undefined) return undefined;
        const { body, etag, metadata, contentType, cacheControl } = object;
        return {
          size: body.length,
          etag,
          metadata: { ...metadata },
          ...(contentType === undefined ? {} : { contentType }),
          ...(cacheControl === undefined ? {} : { cacheControl }),
          ...(store.checksums ? { crc32: checksumOf(body) } : {}),
        };
      }),

    read: (key, range) =>
      run('GetObject', key, () => {
        const object = objects.get(key);
        if (object === undefined) return undefined;
        const { start, length } = range ?? { start: 0, length: object.body.length };
        const body = Buffer.from(object.body.subarray(start, start + length));
        return { stream: Readable.from([body]), length: body.length };
      }),

    delete: (key) =>
      run('DeleteObject', key, () => {
        objects.delete(key);
      }),

    deleteMany: async (keys) => {
      for (let first = 0; first < keys.length; first += MOST_DELETIONS) {
        const batch = keys.slice(first, first + MOST_DELETIONS);
        await run('DeleteObjects', batch[0] ?? '', () => {
          for (const key of batch) objects.delete(key);
        });
      }
    },

    list: (prefix, startAfter = '') =>
      run('ListObjectsV2', prefix, () => {
        const inOrder = (one: string, other: string): number =>
          Buffer.compare(Buffer.from(one), Buffer.from(other));
        return [...objects]
          .filter(([key]) => key.startsWith(prefix) && inOrder(key, startAfter) > 0)
          .sort(([one], [other]) => inOrder(one, other))
          .map(([key, { body }]) => ({ key, size: body.length }));
      }),

    createUpload: (key, contentType, { cacheControl, metadata = {} } = {}) =>
      run('CreateMultipartUpload', key, () => {
        const uploadId = randomUUID();
        const about = { key, contentType, cacheControl, metadata: lowerCased(metadata) };
        uploads.set(uploadId, { ...about, parts: new Map() });
        return uploadId;
      }),

    uploadPart: (key, uploadId, number, body) =>
      run('UploadPart', key, async () => putPart('UploadPart', key, uploadId, number, await bytesOf(body))),

    copy: (source, key) =>
      run('CopyObject', key, () => {
        const object = sourceOf('CopyObject', source);
        objects.set(key, { ...object, body: Buffer.from(object.body) });
      }),

    copyPart: (source, { start, length }, key, uploadId, number) =>
      run('UploadPartCopy', key, () => {
        const { body } = sourceOf('UploadPartCopy', source);
        if (start + length > body.length)
          throw storageFault('unavailable', 'UploadPartCopy', 'InvalidArgument');
        const bytes = Buffer.from(body.subarray(start, start + length));
        return putPart('UploadPartCopy', key, uploadId, number, bytes);
      }),

    listParts: (key, uploadId) =>
      run('ListParts', key, () => {
        const upload = uploads.get(uploadId);
        if (upload === undefined || upload.key !== key) return undefined;
        return [...upload.parts]
          .sort(([one], [other]) => one - other)
          .map(([number, { body, etag }]) => ({ number, etag, size: body.length }));
      }),

    completeUpload: (key, uploadId, parts, { ifNoneMatch } = {}) =>
      run('CompleteMultipartUpload', key, () => {
        if (ifNoneMatch === '*' && objects.has(key)) {
          throw storageFault('conflict', 'CompleteMultipartUpload', 'PreconditionFailed');
        }
        const upload = uploadOf('CompleteMultipartUpload', key, uploadId);
        const { contentType, cacheControl, metadata } = upload;
        const joined = join(upload, parts, store.leastPartBytes);
        objects.set(key, { ...joined, contentType, cacheControl, metadata });
        uploads.delete(uploadId);
        return { etag: joined.etag, ...(store.checksums ? { crc32: checksumOf(joined.body) } : {}) };
      }),

    abortUpload: (key, uploadId) =>
      run('AbortMultipartUpload', key, () => {
        uploadOf('AbortMultipartUpload', key, uploadId);
        uploads.delete(uploadId);
      }),

    listUploads: (key) =>
      run('ListMultipartUploads', key, () =>
        [...uploads].filter(([, upload]) => upload.key === key).map(([uploadId]) => uploadId),
      ),

    presign: async (key, { expiresInSeconds, contentType = '', downloadName = '' }) => {
      const query = new URLSearchParams({ expires: String(expiresInSeconds), contentType, downloadName });
      return `https://bucket.example.com/${key.split('/').map(encodeURIComponent).join('/')}?${query}`;
    },

    within: (signal) => bucket(running(signal)),
  });

  const store: MemoryObjectStore = {
    ...bucket(running(undefined)),
    objects,
    uploads,
    calls,
    checksums: true,
    leastPartBytes: LEAST_PART_BYTES,
    before: ({ operation }) => {
      if (denied.includes(operation)) throw storageFault('denied', operation, 'AccessDenied: Access Denied');
    },
    after: undefined,
  };
  return store;
};
