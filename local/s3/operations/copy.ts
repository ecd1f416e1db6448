import { createHash } from 'node:crypto';
import { newDigest } from '../body/checksums.ts';
import { S3Error } from '../errors.ts';
import { slicePieces } from '../store/blobs.ts';
import type { ChecksumAlgorithm, Piece, StoredObject } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import type { Context } from './operation.ts';
import type { ByteRange } from './ranges.ts';
import { readDecision } from './read-conditions.ts';

export type Copied = {
  readonly pieces: Piece[];
  readonly size: number;
  readonly md5: string;
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly value: string } | undefined;
};

/** The object that `x-amz-copy-source` names, if the conditions for it hold. @throws S3Error */
export function copySource({ request, store }: Context): { bucket: string; object: StoredObject } {
  const [encoded = '', version] = (request.headers['x-amz-copy-source'] ?? '').split('?versionId=');
  const path = decode(encoded).replace(/^\//, '');
  const slash = path.indexOf('/');
  if (slash < 1) throw invalidSource();
  if (version !== undefined && version !== 'null') {
    throw new S3Error('NotImplemented', 'Versions are not supported');
  }
  const bucket = path.slice(0, slash);
  const object = store.object(bucket, path.slice(slash + 1));
  if (readDecision(object, request.headers, 'x-amz-copy-source-') !== 'send') {
    throw new S3Error('PreconditionFailed');
  }
  return { bucket, object };
}

/** The bytes that `x-amz-copy-source-range` asks for: unlike a `Range`, it must lie within the object. */
export function copyRange(header: string | undefined, size: number): ByteRange {
  if (header === undefined) return { start: 0, length: size };
  const match = /^bytes=(\d+)-(\d+)$/.exec(header);
  const start = Number(match?.[1]);
  const end = Number(match?.[2]);
  if (!match || start > end || end >= size) {
    throw new S3Error('InvalidArgument', `Range specified is not valid for source object of size: ${size}`, {
      ArgumentName: 'x-amz-copy-source-range',
      ArgumentValue: header,
    });
  }
  return { start, length: end - start + 1 };
}

/**
 * A slice of an object as bytes of another. The bytes stay where they are, and are only read for what must be
 * computed of them. The pieces are retained for the caller, who must release them.
 */
export async function copyBytes(
  store: Store,
  object: StoredObject,
  { start, length }: ByteRange,
  algorithm: ChecksumAlgorithm | undefined,
): Promise<Copied> {
  const pieces = slicePieces(object.pieces, start, length);
  store.blobs.retain(pieces);
  try {
    const sameChecksum = algorithm === undefined || fullChecksum(object, algorithm) !== undefined;
    if (length === object.size && !object.etag.includes('-') && sameChecksum) {
      const checksum = algorithm && fullChecksum(object, algorithm);
      return { pieces, size: length, md5: object.etag, checksum };
    }
    const md5 = createHash('md5');
    const digest = algorithm && newDigest(algorithm);
    for await (const chunk of store.blobs.read(pieces)) {
      md5.update(chunk);
      digest?.update(chunk);
    }
    const checksum = algorithm && digest && { algorithm, value: digest.digest().toString('base64') };
    return { pieces, size: length, md5: md5.digest('hex'), checksum };
  } catch (error) {
    await store.blobs.release(pieces);
    throw error;
  }
}

function fullChecksum({ checksum }: StoredObject, algorithm: ChecksumAlgorithm): Copied['checksum'] {
  return checksum?.algorithm === algorithm && checksum.type === 'FULL_OBJECT'
    ? { algorithm, value: checksum.value }
    : undefined;
}

function decode(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch (error) {
    if (error instanceof URIError) throw invalidSource();
    throw error;
  }
}

const invalidSource = (): S3Error =>
  new S3Error(
    'InvalidArgument',
    'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
    {
      ArgumentName: 'x-amz-copy-source',
    },
  );
