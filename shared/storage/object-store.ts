import type { Checksum } from '../schemas/recording.ts';

/** Media bytes in memory: the buffers they came in, in order. */
export interface Chunks {
  readonly buffers: readonly Buffer[];
  readonly length: number;
}

export interface Part {
  readonly number: number;
  readonly etag: string;
  readonly size: number;
}

/** Bytes that come one after the other and are not kept. Can be read once. */
export interface Streamed {
  readonly stream: AsyncIterable<Buffer>;
  readonly length: number;
}

export interface ByteRange {
  readonly start: number;
  readonly length: number;
}

/** All that is known of an object without reading it. */
export interface ObjectHead {
  readonly size: number;
  readonly etag: string;
  /** What its writer said of it. */
  readonly metadata: Record<string, string>;
  readonly contentType?: string;
  readonly cacheControl?: string;
  /** CRC-32 of all its bytes, base64; absent when the storage has none, or only one that depends on its parts. */
  readonly crc32?: string;
}

/** An object that a storage is to copy by itself, as long as it is still the one with this ETag. */
export interface CopySource {
  readonly bucket: string;
  readonly key: string;
  readonly etag: string;
}

export interface ListedObject {
  readonly key: string;
  readonly size: number;
}

/** One bucket. Keys are as S3 takes them; every method throws `StorageError`. */
export interface ObjectStore {
  /** @returns the object's ETag */
  put(key: string, body: Chunks | Buffer | Streamed, options?: PutOptions): Promise<string>;
  get(key: string): Promise<{ body: Buffer; etag: string } | undefined>;
  /** Bytes of an object, all or some, that need not fit into memory; undefined when there is no such object. */
  read(key: string, range?: ByteRange): Promise<Streamed | undefined>;
  /** Undefined when there is no such object. */
  head(key: string): Promise<ObjectHead | undefined>;
  delete(key: string): Promise<void>;
  /** Deletes any number of objects; what is not there is no fault. Some may be gone when it throws. */
  deleteMany(keys: readonly string[]): Promise<void>;
  /** Every object under a prefix, in key order. */
  list(prefix: string, startAfter?: string): Promise<ListedObject[]>;
  createUpload(key: string, contentType: string, options?: UploadOptions): Promise<string>;
  uploadPart(key: string, uploadId: string, number: number, body: Chunks | Buffer | Streamed): Promise<Part>;
  /** Has the storage copy an object of at most 5 GiB, with what its writer said of it, without its bytes coming here. */
  copy(source: CopySource, key: string): Promise<void>;
  /** Has the storage copy some bytes of an object, at most 5 GiB, into a part. */
  copyPart(
    source: CopySource,
    range: ByteRange,
    key: string,
    uploadId: string,
    number: number,
  ): Promise<Part>;
  /** Parts in order; undefined when there is no such upload (any more). */
  listParts(key: string, uploadId: string): Promise<Part[] | undefined>;
  /** `ifNoneMatch`: only when there is no such object; throws `StorageError` of kind `conflict` otherwise. */
  completeUpload(
    key: string,
    uploadId: string,
    parts: readonly Part[],
    options?: { readonly ifNoneMatch?: '*' },
  ): Promise<Checksum>;
  abortUpload(key: string, uploadId: string): Promise<void>;
  /** The ids of the open uploads of a key. */
  listUploads(key: string): Promise<string[]>;
  /** A URL that reads the object without credentials. */
  presign(key: string, options: PresignOptions): Promise<string>;
  /**
   * The same bucket, for as long as `signal` is not aborted: what is under way then ends with an error of kind
   * `unavailable`, and reads no bytes of its body any more.
   */
  within(signal: AbortSignal): ObjectStore;
}

export interface UploadOptions {
  readonly cacheControl?: string;
  readonly metadata?: Record<string, string>;
}

export interface PutOptions {
  readonly contentType?: string;
  readonly cacheControl?: string;
  readonly metadata?: Record<string, string>;
  /** Only when the object still has this ETag; throws `StorageError` of kind `conflict` otherwise. */
  readonly ifMatch?: string;
  readonly ifNoneMatch?: '*';
}

export interface PresignOptions {
  /** At most: a URL that is signed in a role's session ends with it, which is 50 minutes away at least. */
  readonly expiresInSeconds: number;
  readonly contentType?: string;
  /** File name that a browser saves it as. */
  readonly downloadName?: string;
}

export type StorageErrorKind =
  /** Permission, bucket or upload is not there: trying again at once is no use. */
  | 'denied'
  | 'missing'
  /** Its endpoint has an address that storages may not have. */
  | 'refused'
  /** A condition (`ifMatch`, `ifNoneMatch`) did not hold. */
  | 'conflict'
  /** Network, throttling, 5xx: may pass. */
  | 'unavailable';

export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly kind: StorageErrorKind;
  /** Such as `PutObject`; `AssumeRole` or `GetSecretValue` when there were no credentials to try it with. */
  readonly operation: string;
  /** Of the bucket that said so, where that is known. */
  readonly bucket: string | undefined;

  constructor(
    kind: StorageErrorKind,
    operation: string,
    message: string,
    { bucket, ...options }: ErrorOptions & { readonly bucket?: string | undefined } = {},
  ) {
    super(message, options);
    this.kind = kind;
    this.operation = operation;
    this.bucket = bucket;
  }
}

export const chunksOf = (buffers: readonly Buffer[]): Chunks => ({
  buffers,
  length: buffers.reduce((sum, buffer) => sum + buffer.length, 0),
});
