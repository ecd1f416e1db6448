import { type _Error, S3ServiceException } from '@aws-sdk/client-s3';
import { AddressRefusedError } from '../net/address-policy.ts';
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

/** An S3-compatible store may say what it likes. */
const LONGEST_MESSAGE = 500;

/**
 * S3's own error repeats the request that it refuses, session token included, so of it only what helps is kept.
 */
const withoutRequest = (error: S3ServiceException): Error => {
  const { httpStatusCode, requestId } = error.$metadata;
  return new Error(`HTTP ${httpStatusCode}, request ${requestId}`);
};

/** What S3 says of one key in an answer about many. */
export const failedFor = (
  operation: string,
  { Key, Code = 'UnknownError', Message = '' }: _Error,
  bucket: string,
): StorageError =>
  new StorageError(
    DENIED.has(Code) ? 'denied' : 'unavailable',
    operation,
    `${operation}: ${Code}: ${Message} (${Key})`.slice(0, LONGEST_MESSAGE),
    { bucket },
  );

/** Runs S3 operations on one bucket; what they throw becomes a `StorageError`, with S3's own words. */
export const createTranslated =
  (bucket: string) =>
  async <Result>(operation: string, run: () => Promise<Result>): Promise<Result> => {
    try {
      return await run();
    } catch (cause) {
      if (cause instanceof StorageError) {
        // Without credentials nothing could be tried; which bucket they were for is known here only.
        const { kind, operation: failed, message } = cause;
        if (cause.bucket !== undefined) throw cause;
        throw new StorageError(kind, failed, message, { bucket, cause });
      }
      if (cause instanceof AddressRefusedError) {
        throw new StorageError('refused', operation, `${operation}: ${cause.message}`, { bucket });
      }
      if (cause instanceof S3ServiceException) {
        const message = `${operation}: ${cause.name}: ${cause.message}`.slice(0, LONGEST_MESSAGE);
        throw new StorageError(kindOf(cause), operation, message, { bucket, cause: withoutRequest(cause) });
      }
      // Errors of several addresses together have no message, only a code.
      const { message, code } = cause as NodeJS.ErrnoException;
      throw new StorageError('unavailable', operation, `${operation}: ${message || code}`, { bucket, cause });
    }
  };
export type Translated = ReturnType<typeof createTranslated>;

/** Like `translated`, with undefined for what is not there. */
export const orMissing =
  (translated: Translated) =>
  async <Result>(operation: string, run: () => Promise<Result>): Promise<Result | undefined> => {
    try {
      return await translated(operation, run);
    } catch (error) {
      if (error instanceof StorageError && error.kind === 'missing') return undefined;
      throw error;
    }
  };
