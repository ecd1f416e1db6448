import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { type S3Instance, type S3Options, startS3 } from './index.ts';

export const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'a secret of the tests' };

/** A server for one test, with a client and a bucket `media`, in a folder that goes away at the end. */
export type TemporaryS3 = AsyncDisposable & {
  readonly s3: S3Instance;
  readonly client: S3Client;
  readonly dataDir: string;
  /** Faults that the server has met. */
  readonly faults: readonly unknown[];
};

export async function temporaryS3(options: Partial<S3Options> = {}): Promise<TemporaryS3> {
  const dataDir = await mkdtemp(join(tmpdir(), 's3-local-'));
  const faults: unknown[] = [];
  const onFault = (error: unknown) => void faults.push(error);
  const s3 = await startS3({ dataDir, credentials, onFault, ...options });
  const client = clientOf(s3);
  await client.send(new CreateBucketCommand({ Bucket: 'media' }));
  return {
    s3,
    client,
    dataDir,
    faults,
    [Symbol.asyncDispose]: async () => {
      client.destroy();
      await s3.close();
      await rm(dataDir, { recursive: true });
    },
  };
}

export const clientOf = ({ url, region }: S3Instance): S3Client =>
  new S3Client({ endpoint: url, region, credentials, forcePathStyle: true, maxAttempts: 1 });
