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

export interface ListedObject {
  readonly key: string;
  readonly size: number;
}

/** One bucket. Keys are as S3 takes them; every method throws `StorageError`. */
export interface ObjectStore {
  /** @returns the object's ETag */
  put(key: string, body: Chunks | Buffer, options?: PutOptions): Promise<string>;
  get(key: string): Promise<{ body: Buffer; etag: string } | undefined>;
  /** User metadata and size; undefined when there is no such object. */
  head(key: string): Promise<{ size: number; metadata: Record<string, string> } | undefined>;
  delete(key: string): Promise<void>;
  /** Deletes any number of objects; what is not there is no fault. Some may be gone when it throws. */
  deleteMany(keys: readonly string[]): Promise<void>;
  /** Every object under a prefix, in key order. */
  list(prefix: string, startAfter?: string): Promise<ListedObject[]>;
  createUpload(key: string, contentType: string): Promise<string>;
  uploadPart(key: string, uploadId: string, number: number, body: Chunks | Buffer): Promise<Part>;
  /** Parts in order; undefined when there is no such upload (any more). */
  listParts(key: string, uploadId: string): Promise<Part[] | undefined>;
  completeUpload(key: string, uploadId: string, parts: readonly Part[]): Promise<void>;
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

  constructor(kind: StorageErrorKind, operation: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
    this.operation = operation;
  }
}

export const chunksOf = (buffers: readonly Buffer[]): Chunks => ({
  buffers,
  length: buffers.reduce((sum, buffer) => sum + buffer.length, 0),
});
