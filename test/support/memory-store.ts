import { createHash } from 'node:crypto';
import { type Chunks, type ObjectStore, type Part, StorageError } from '../../shared/storage/object-store.ts';

const bytesOf = (body: Chunks | Buffer): Buffer =>
  Buffer.isBuffer(body) ? body : Buffer.concat(body.buffers);
const etagOf = (bytes: Buffer): string => `"${createHash('md5').update(bytes).digest('hex')}"`;

interface StoredObject {
  readonly body: Buffer;
  readonly metadata: Record<string, string>;
}

export interface MemoryStore extends ObjectStore {
  readonly objects: Map<string, StoredObject>;
  readonly openUploads: Map<string, Map<number, Buffer>>;
}

/** A bucket in memory. Operations named in `denied`, such as `PutObject`, are refused as S3 refuses them. */
export const createMemoryStore = (denied: readonly string[] = []): MemoryStore => {
  const objects = new Map<string, StoredObject>();
  const openUploads = new Map<string, Map<number, Buffer>>();
  const allow = (operation: string): void => {
    if (denied.includes(operation)) {
      throw new StorageError('denied', operation, `${operation}: AccessDenied: Access Denied`);
    }
  };
  const uploadOf = (operation: string, uploadId: string): Map<number, Buffer> => {
    const upload = openUploads.get(uploadId);
    if (upload === undefined) throw new StorageError('missing', operation, `${operation}: NoSuchUpload`);
    return upload;
  };
  return {
    objects,
    openUploads,
    put: async (key, body, { metadata = {}, ifMatch, ifNoneMatch } = {}) => {
      allow('PutObject');
      const there = objects.get(key);
      const matches = ifMatch === undefined || (there !== undefined && etagOf(there.body) === ifMatch);
      if (!matches || (ifNoneMatch === '*' && there !== undefined)) {
        throw new StorageError('conflict', 'PutObject', 'PutObject: PreconditionFailed');
      }
      objects.set(key, { body: bytesOf(body), metadata });
      return etagOf(bytesOf(body));
    },
    get: async (key) => {
      allow('GetObject');
      const object = objects.get(key);
      return object && { body: object.body, etag: etagOf(object.body) };
    },
    head: async (key) => {
      allow('HeadObject');
      const object = objects.get(key);
      return object && { size: object.body.length, metadata: object.metadata };
    },
    delete: async (key) => {
      allow('DeleteObject');
      objects.delete(key);
    },
    list: async (prefix, startAfter = '') => {
      allow('ListObjectsV2');
      const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > startAfter).sort();
      return keys.map((key) => ({ key, size: objects.get(key)?.body.length ?? 0 }));
    },
    createUpload: async () => {
      allow('CreateMultipartUpload');
      const uploadId = `upload-${crypto.randomUUID()}`;
      openUploads.set(uploadId, new Map());
      return uploadId;
    },
    uploadPart: async (_key, uploadId, number, body): Promise<Part> => {
      allow('UploadPart');
      const bytes = bytesOf(body);
      uploadOf('UploadPart', uploadId).set(number, bytes);
      return { number, etag: etagOf(bytes), size: bytes.length };
    },
    listParts: async (_key, uploadId) => {
      allow('ListParts');
      const upload = openUploads.get(uploadId);
      return (
        upload &&
        [...upload]
          .sort(([one], [other]) => one - other)
          .map(([number, bytes]) => ({ number, etag: etagOf(bytes), size: bytes.length }))
      );
    },
    completeUpload: async (key, uploadId, parts) => {
      allow('CompleteMultipartUpload');
      const upload = uploadOf('CompleteMultipartUpload', uploadId);
      const body = Buffer.concat(parts.map(({ number }) => upload.get(number) ?? Buffer.alloc(0)));
      objects.set(key, { body, metadata: {} });
      openUploads.delete(uploadId);
    },
    abortUpload: async (_key, uploadId) => {
      allow('AbortMultipartUpload');
      openUploads.delete(uploadId);
    },
    presign: async (key, { expiresInSeconds, contentType = '', downloadName = '' }) => {
      const query = new URLSearchParams({ expires: String(expiresInSeconds), contentType, downloadName });
      return `https://bucket.example.com/${key.split('/').map(encodeURIComponent).join('/')}?${query}`;
    },
  };
};
