import { createHash, hash } from 'node:crypto';
import { S3Error } from '../errors.ts';
import type { Headers } from '../request.ts';
import { type ChecksumAlgorithm, type ChecksumType, checksumAlgorithm } from '../store/records.ts';
import { combineCrc, crc32cDigest, crc32Digest, crc64nvmeDigest, type Digest } from './crc.ts';

const sha = (name: string): Digest => {
  const digest = createHash(name);
  return { update: (data) => void digest.update(data), digest: () => digest.digest() };
};

const DIGESTS: Record<ChecksumAlgorithm, () => Digest> = {
  CRC32: crc32Digest,
  CRC32C: crc32cDigest,
  CRC64NVME: crc64nvmeDigest,
  SHA1: () => sha('sha1'),
  SHA256: () => sha('sha256'),
};

export const newDigest = (algorithm: ChecksumAlgorithm): Digest => DIGESTS[algorithm]();

export const checksumHeader = (algorithm: ChecksumAlgorithm): string =>
  `x-amz-checksum-${algorithm.toLowerCase()}`;

/** The element of XML documents: `ChecksumCRC32`. */
export const checksumElement = (algorithm: ChecksumAlgorithm): string => `Checksum${algorithm}`;

/** @throws S3Error InvalidRequest for an algorithm that is not known here */
export function parseAlgorithm(name: string): ChecksumAlgorithm {
  const parsed = checksumAlgorithm.safeParse(name.toUpperCase());
  if (parsed.success) return parsed.data;
  throw new S3Error('InvalidRequest', `Checksum algorithm '${name}' is not supported`);
}

/** The algorithm and value that the headers declare; the value may come later, in a trailer. */
export function declaredChecksum(
  headers: Headers,
): { algorithm: ChecksumAlgorithm; value: string | undefined } | undefined {
  const names = Object.keys(headers).filter(
    (name) => name.startsWith('x-amz-checksum-') && !NOT_VALUES.has(name),
  );
  if (names.length > 1) {
    throw new S3Error(
      'InvalidRequest',
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    );
  }
  const trailer = headers['x-amz-trailer']?.trim().toLowerCase();
  const name = names[0] ?? (trailer?.startsWith('x-amz-checksum-') ? trailer : undefined);
  if (name === undefined) return undefined;
  return { algorithm: parseAlgorithm(name.slice('x-amz-checksum-'.length)), value: headers[name] };
}

const NOT_VALUES = new Set(['x-amz-checksum-algorithm', 'x-amz-checksum-type', 'x-amz-checksum-mode']);

/** S3's default type of a multipart upload's checksum. */
export const defaultType = (algorithm: ChecksumAlgorithm): ChecksumType =>
  algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE';

/** The checksum (base64) of an object from those of its parts. */
export function checksumOfParts(
  algorithm: ChecksumAlgorithm,
  type: ChecksumType,
  parts: readonly { readonly value: string; readonly size: number }[],
): string {
  const values: Buffer[] = parts.map((part) => Buffer.from(part.value, 'base64'));
  if (type === 'COMPOSITE') {
    const digest = newDigest(algorithm);
    digest.update(Buffer.concat(values));
    return `${digest.digest().toString('base64')}-${parts.length}`;
  }
  if (algorithm === 'SHA1' || algorithm === 'SHA256') {
    throw new S3Error('InvalidRequest', `The FULL_OBJECT checksum type cannot be used with ${algorithm}`);
  }
  const combine = combineCrc(algorithm);
  return values.reduce((whole, value, i) => combine(whole, value, parts[i]?.size ?? 0)).toString('base64');
}

/** The ETag of an object from those of its parts. */
export const etagOfParts = (etags: readonly string[]): string =>
  `${hash('md5', Buffer.from(etags.join(''), 'hex'))}-${etags.length}`;
