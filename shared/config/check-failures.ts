import { StorageError, type StorageErrorKind } from '../storage/object-store.ts';

/** One thing that a recorder must be able to do with a storage, and could not. */
export interface CheckFailure {
  readonly kind: StorageErrorKind;
  /** What was tried, such as `PutObject`, or `AssumeRole`. */
  readonly operation: string;
  /** As IAM calls it, such as `s3:PutObject`. */
  readonly permission: string;
  /** What happened, in the storage's own words. */
  readonly message: string;
}

const PERMISSIONS: Readonly<Record<string, string>> = {
  AssumeRole: 'sts:AssumeRole',
  GetSecretValue: 'secretsmanager:GetSecretValue',
  CreateMultipartUpload: 's3:PutObject',
  UploadPart: 's3:PutObject',
  CompleteMultipartUpload: 's3:PutObject',
  ListParts: 's3:ListMultipartUploadParts',
  ListMultipartUploads: 's3:ListBucketMultipartUploads',
  ListObjectsV2: 's3:ListBucket',
};

/** AWS names what is missing, which is not always the operation's own permission: it may be one for a key of KMS. */
const namedIn = (message: string): string | undefined =>
  /not authorized to perform: ([a-z0-9-]+:[A-Za-z]+)/.exec(message)?.[1];

const failureOf = (error: unknown): CheckFailure => {
  if (!(error instanceof StorageError)) throw error;
  const { kind, operation, message } = error;
  const permission = namedIn(message) ?? PERMISSIONS[operation] ?? `s3:${operation}`;
  return { kind, operation, permission, message };
};

export type Step = () => Promise<unknown>;

/** Takes a step; what a storage refuses is a failure, everything else is thrown. */
export const failureIn = async (step: Step): Promise<CheckFailure[]> => {
  try {
    await step();
    return [];
  } catch (error) {
    return [failureOf(error)];
  }
};

export const failuresIn = async (steps: readonly Step[]): Promise<CheckFailure[]> =>
  (await Promise.all(steps.map(failureIn))).flat();

/** Each missing permission once, and each other kind of failure once, however many steps it met. */
export const withoutRepeats = (failures: readonly CheckFailure[]): CheckFailure[] => {
  const first = new Map<string, CheckFailure>();
  for (const failure of failures) {
    const name = failure.kind === 'denied' ? failure.permission : failure.kind;
    if (!first.has(name)) first.set(name, failure);
  }
  return [...first.values()];
};
