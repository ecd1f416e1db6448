import type { CheckFailure } from '../../shared/config/check-failures.ts';
import type { FieldError } from '../../shared/problems/problem.ts';
import type { Bucket } from '../../shared/schemas/storage.ts';

/** On what of a bucket IAM wants a permission to be given. */
const resourceOf = (permission: string, bucket: string): string => {
  if (permission === 's3:ListBucket') return ` on ${bucket} itself`;
  return permission.startsWith('s3:') ? ` on ${bucket}/*` : '';
};

/** The field that is wrong, and what to do about it. */
const adviceFor = (
  { bucket, endpoint, credentials }: Bucket,
  { kind, operation, permission }: CheckFailure,
): Omit<FieldError, 'in'> => {
  if (operation === 'AssumeRole' && credentials?.type === 'role') {
    const message =
      kind === 'denied'
        ? 'must let Streamkeep assume it (sts:AssumeRole): its trust policy must name Streamkeep’s roles, and the deployment’s storageRoles must name it'
        : 'could not be assumed (sts:AssumeRole)';
    return { field: 'credentials.roleArn', given: credentials.roleArn, message };
  }
  if (operation === 'GetSecretValue' && credentials?.type === 'secret') {
    const message =
      kind === 'denied'
        ? 'must be a secret that holds the keys and that Streamkeep may read (secretsmanager:GetSecretValue): the deployment allows those of its own prefix and of storageSecrets'
        : 'could not be read (secretsmanager:GetSecretValue)';
    return { field: 'credentials.secretId', given: credentials.secretId, message };
  }
  switch (kind) {
    case 'refused':
      return {
        field: 'endpoint',
        ...(endpoint === undefined ? {} : { given: endpoint }),
        message: 'must have a public address, or one that the deployment’s storageAllowedCidrs allow',
      };
    case 'denied':
      return {
        field: 'bucket',
        given: bucket,
        message: `must allow ${permission}${resourceOf(permission, bucket)}`,
      };
    case 'missing':
      return { field: 'bucket', given: bucket, message: 'must exist, in the region that is given' };
    default:
      return endpoint === undefined
        ? { field: 'bucket', given: bucket, message: 'must be usable' }
        : { field: 'endpoint', given: endpoint, message: 'must be usable' };
  }
};

/** What a failed check tells whoever gave the storage: what to change, and then what the storage said. */
export const checkErrors = (bucket: Bucket, failures: readonly CheckFailure[]): FieldError[] =>
  failures.map((failure) => {
    const { message, ...advice } = adviceFor(bucket, failure);
    return { in: 'body', ...advice, message: `${message}. ${failure.message}` };
  });
