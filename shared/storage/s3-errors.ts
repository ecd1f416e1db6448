import { S3ServiceException } from '@aws-sdk/client-s3';
import { StorageError, type StorageErrorKind } from './object-store.ts';

const DENIED = new Set([
  'AccessDenied',
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'AllAccessDisabled',
  'ExpiredToken',
]);
const MISSING = new Set(['NoSuchBucket', 'NoSuchUpload', 'NoSuchKey', 'NotFound']);

const kindOf = (error: S3ServiceException): StorageErrorKind => {
  const status = error.$metadata.httpStatusCode;
  if (DENIED.has(error.name) || status === 403 || status === 401) return 'denied';
  if (MISSING.has(error.name) || status === 404) return 'missing';
  // 409 says that another operation on the key is under way, perhaps an earlier try of our own: it may pass.
  if (status === 412) return 'conflict';
  return 'unavailable';
};

/** Runs one S3 operation; what it throws becomes a `StorageError`, with S3's own words. */
export const translated = async <Result>(operation: string, run: () => Promise<Result>): Promise<Result> => {
  try {
    return await run();
  } catch (cause) {
    if (cause instanceof S3ServiceException) {
      throw new StorageError(kindOf(cause), operation, `${operation}: ${cause.name}: ${cause.message}`, {
        cause,
      });
    }
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new StorageError('unavailable', operation, `${operation}: ${message}`, { cause });
  }
};

/** Like `translated`, with undefined for what is not there. */
export const orMissing = async <Result>(
  operation: string,
  run: () => Promise<Result>,
): Promise<Result | undefined> => {
  try {
    return await translated(operation, run);
  } catch (error) {
    if (error instanceof StorageError && error.kind === 'missing') return undefined;
    throw error;
  }
};
