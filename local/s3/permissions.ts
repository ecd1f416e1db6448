import { S3Error } from './errors.ts';

/** What IAM calls the right to an operation, by the names of `routes.ts`. */
const PERMISSIONS: Readonly<Record<string, string>> = {
  'GET bucket': 's3:ListBucket',
  'GET bucket?list-type': 's3:ListBucket',
  'GET bucket?uploads': 's3:ListBucketMultipartUploads',
  'PUT object': 's3:PutObject',
  'PUT object from another': 's3:PutObject',
  'POST object?uploads': 's3:PutObject',
  'PUT object?uploadId': 's3:PutObject',
  'PUT object?uploadId from another': 's3:PutObject',
  'POST object?uploadId': 's3:PutObject',
  'GET object': 's3:GetObject',
  'HEAD object': 's3:GetObject',
  'DELETE object': 's3:DeleteObject',
  'POST bucket?delete': 's3:DeleteObject',
  'GET object?uploadId': 's3:ListMultipartUploadParts',
  'DELETE object?uploadId': 's3:AbortMultipartUpload',
};

/** Runs an operation unless its permission is among the `denied` ones. @throws S3Error AccessDenied */
export async function permitted<Result>(
  denied: ReadonlySet<string>,
  operation: string,
  run: () => Promise<Result>,
): Promise<Result> {
  if (denied.has(PERMISSIONS[operation] ?? '')) throw new S3Error('AccessDenied');
  try {
    return await run();
  } catch (error) {
    // Whoever may not list is not told what is there.
    if (error instanceof S3Error && error.code === 'NoSuchKey' && denied.has('s3:ListBucket')) {
      throw new S3Error('AccessDenied');
    }
    throw error;
  }
}
