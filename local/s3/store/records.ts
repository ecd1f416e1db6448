import * as z from 'zod';

/** Bytes of an object or part: a slice of a blob, so that a copy or a completion moves no bytes. */
const piece = z.object({
  blob: z.string().regex(/^[0-9a-f]{32}$/),
  offset: z.int().nonnegative(),
  length: z.int().positive(),
});

export const checksumAlgorithm = z.enum(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256']);
export const checksumType = z.enum(['COMPOSITE', 'FULL_OBJECT']);

const described = {
  key: z.string(),
  /** Standard headers that are given back: content-type, cache-control, ... */
  headers: z.record(z.string(), z.string()),
  /** `x-amz-meta-*`, without the prefix. */
  metadata: z.record(z.string(), z.string()),
};

const storedObject = z.object({
  ...described,
  /** With quotes neither here nor in `part`. */
  etag: z.string(),
  size: z.int().nonnegative(),
  /** Milliseconds since 1970, as all times here. */
  modified: z.number(),
  pieces: z.array(piece),
  checksum: z.object({ algorithm: checksumAlgorithm, type: checksumType, value: z.string() }).optional(),
  /** Sizes of the parts, if it was uploaded in parts. */
  parts: z.array(z.int().nonnegative()).optional(),
});

const part = z.object({
  number: z.int().min(1).max(10_000),
  etag: z.string(),
  size: z.int().nonnegative(),
  modified: z.number(),
  pieces: z.array(piece),
  checksum: z.object({ algorithm: checksumAlgorithm, value: z.string() }).optional(),
});

const upload = z.object({
  ...described,
  id: z.string(),
  initiated: z.number(),
  checksum: z.object({ algorithm: checksumAlgorithm, type: checksumType }).optional(),
});

const corsRule = z.object({
  allowedOrigins: z.array(z.string()),
  allowedMethods: z.array(z.string()),
  allowedHeaders: z.array(z.string()),
  exposeHeaders: z.array(z.string()),
  maxAgeSeconds: z.int().optional(),
});

const bucketSettings = z.object({
  name: z.string(),
  created: z.number(),
  cors: z.array(corsRule).optional(),
  /** The document as it was put: stored and given back, never acted upon. */
  lifecycle: z.string().optional(),
});

/** One line of the journal: one change of the state, complete in itself. */
export const journalRecord = z.discriminatedUnion('type', [
  z.object({ type: z.literal('bucket'), bucket: bucketSettings }),
  z.object({ type: z.literal('bucket-deleted'), name: z.string() }),
  z.object({ type: z.literal('object'), bucket: z.string(), object: storedObject }),
  z.object({ type: z.literal('objects-deleted'), bucket: z.string(), keys: z.array(z.string()) }),
  z.object({ type: z.literal('upload'), bucket: z.string(), upload }),
  z.object({ type: z.literal('part'), bucket: z.string(), uploadId: z.string(), part }),
  z.object({ type: z.literal('upload-aborted'), bucket: z.string(), uploadId: z.string() }),
  z.object({
    type: z.literal('upload-completed'),
    bucket: z.string(),
    uploadId: z.string(),
    object: storedObject,
  }),
]);

export type Piece = z.infer<typeof piece>;
export type ChecksumAlgorithm = z.infer<typeof checksumAlgorithm>;
export type ChecksumType = z.infer<typeof checksumType>;
export type StoredObject = z.infer<typeof storedObject>;
export type Part = z.infer<typeof part>;
export type UploadSettings = z.infer<typeof upload>;
/** Who may call from a browser, as in a bucket's CORS configuration. */
export type CorsRule = z.infer<typeof corsRule>;
export type BucketSettings = z.infer<typeof bucketSettings>;
export type JournalRecord = z.infer<typeof journalRecord>;
