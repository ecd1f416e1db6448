import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AbortMultipartUploadCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll } from 'vitest';
import { startS3 } from '../../../local/s3/index.ts';

/** What the suite runs against: a client, and a bucket of this file alone. */
export type Target = {
  readonly client: S3Client;
  readonly bucket: string;
  /** A second client of the same endpoint. */
  readonly newClient: (config: S3ClientConfig) => S3Client;
  readonly put: (key: string, body: string | Buffer) => Promise<string>;
  readonly text: (key: string) => Promise<string>;
  readonly close: () => Promise<void>;
};

/** 5 MiB: the least that a part may have, unless it is the last. */
export const PART = 5 * 1024 ** 2;

/** What a rejected command looks like. */
export const failure = (name: string, status: number) => ({ name, $metadata: { httpStatusCode: status } });

/** Opens the target for the tests of a file; it is there once they run. */
export function useTarget(): Target {
  const target = {} as Target;
  beforeAll(async () => {
    Object.assign(target, await openTarget());
  });
  afterAll(() => target.close());
  return target;
}

/**
 * The endpoint of the standard environment variables, with its credentials and region; without one, a server of our
 * own in a temporary folder.
 */
async function openTarget(): Promise<Target> {
  const endpoint = process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL;
  const { config, stop } = endpoint === undefined ? await startLocal() : { config: {}, stop: async () => {} };
  const newClient = (more: S3ClientConfig) => new S3Client({ forcePathStyle: true, ...config, ...more });
  const client = newClient({});
  const bucket = `contract-${randomUUID()}`;
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  return {
    client,
    bucket,
    newClient,
    put: async (key, body) => {
      const { ETag } = await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
      return ETag ?? '';
    },
    text: async (key) => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return (await Body?.transformToString()) ?? '';
    },
    close: async () => {
      await emptyBucket(client, bucket);
      await client.send(new DeleteBucketCommand({ Bucket: bucket }));
      client.destroy();
      await stop();
    },
  };
}

async function startLocal() {
  const dataDir = await mkdtemp(join(tmpdir(), 's3-contract-'));
  const credentials = { accessKeyId: 'contract', secretAccessKey: 'contract-secret' };
  const s3 = await startS3({ dataDir, credentials });
  return {
    config: { endpoint: s3.url, region: s3.region, credentials },
    stop: async () => {
      await s3.close();
      await rm(dataDir, { recursive: true });
    },
  };
}

async function emptyBucket(client: S3Client, bucket: string): Promise<void> {
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
  for (const { Key, UploadId } of Uploads) {
    await client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }));
  }
  for (;;) {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
    if (Contents.length === 0) return;
    const Objects = Contents.map(({ Key }) => ({ Key }));
    await client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects } }));
  }
}
