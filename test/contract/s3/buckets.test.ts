import { randomUUID } from 'node:crypto';
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketCorsCommand,
  GetBucketCorsCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { describe, expect, it } from 'vitest';
import { failure, useTarget } from './target.ts';

const target = useTarget();

describe('buckets', () => {
  it('lists a bucket that exists and finds its head', async () => {
    const { Buckets = [] } = await target.client.send(new ListBucketsCommand({}));
    expect(Buckets.map(({ Name }) => Name)).toContain(target.bucket);
    const head = await target.client.send(new HeadBucketCommand({ Bucket: target.bucket }));
    expect(head.$metadata.httpStatusCode).toBe(200);
  });

  it('says where a bucket is, with no name for us-east-1', async () => {
    const region = await target.client.config.region();
    const location = await target.client.send(new GetBucketLocationCommand({ Bucket: target.bucket }));
    expect(location.LocationConstraint).toBe(region === 'us-east-1' ? undefined : region);
  });

  it('answers 404 for a bucket that does not exist', async () => {
    const Bucket = `contract-none-${randomUUID()}`.slice(0, 63);
    await expect(target.client.send(new HeadBucketCommand({ Bucket }))).rejects.toMatchObject(
      failure('NotFound', 404),
    );
    await expect(target.client.send(new DeleteBucketCommand({ Bucket }))).rejects.toMatchObject(
      failure('NoSuchBucket', 404),
    );
  });

  it.each(['UPPER-case', 'under_score', '192.168.0.1', 'a..b'])(
    'refuses the bucket name %s',
    async (Bucket) => {
      await expect(target.client.send(new CreateBucketCommand({ Bucket }))).rejects.toMatchObject({
        name: 'InvalidBucketName',
      });
    },
  );

  it('creates a bucket, and deletes it only when it is empty', async () => {
    await target.put('keeps-the-bucket', 'x');
    await expect(
      target.client.send(new DeleteBucketCommand({ Bucket: target.bucket })),
    ).rejects.toMatchObject(failure('BucketNotEmpty', 409));
    const Bucket = `contract-${randomUUID()}`;
    await target.client.send(new CreateBucketCommand({ Bucket }));
    await target.client.send(new DeleteBucketCommand({ Bucket }));
    await expect(target.client.send(new HeadBucketCommand({ Bucket }))).rejects.toMatchObject(
      failure('NotFound', 404),
    );
  });

  it('keeps a lifecycle configuration', async () => {
    const Bucket = target.bucket;
    await expect(
      target.client.send(new GetBucketLifecycleConfigurationCommand({ Bucket })),
    ).rejects.toMatchObject(failure('NoSuchLifecycleConfiguration', 404));
    const Rules = [
      {
        ID: 'uploads',
        Status: 'Enabled' as const,
        Filter: { Prefix: '' },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 },
      },
      { ID: 'old', Status: 'Enabled' as const, Filter: { Prefix: 'old/' }, Expiration: { Days: 30 } },
    ];
    await target.client.send(
      new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }),
    );
    const stored = await target.client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    expect(stored.Rules).toMatchObject(Rules);
  });

  it('keeps a CORS configuration and obeys it', async () => {
    const Bucket = target.bucket;
    await expect(target.client.send(new GetBucketCorsCommand({ Bucket }))).rejects.toMatchObject(
      failure('NoSuchCORSConfiguration', 404),
    );
    const CORSRules = [
      {
        AllowedOrigins: ['https://*.example.com'],
        AllowedMethods: ['GET', 'HEAD'],
        AllowedHeaders: ['range'],
        ExposeHeaders: ['ETag'],
        MaxAgeSeconds: 60,
      },
    ];
    await target.client.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } }));
    const stored = await target.client.send(new GetBucketCorsCommand({ Bucket }));
    expect(stored.CORSRules).toMatchObject(CORSRules);

    await target.put('shared', 'text');
    const url = await getSignedUrl(target.client, new GetObjectCommand({ Bucket, Key: 'shared' }));
    const allowed = await fetch(url, { headers: { origin: 'https://app.example.com' } });
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://app.example.com');
    expect(allowed.headers.get('access-control-expose-headers')).toBe('ETag');
    const other = await fetch(url, { headers: { origin: 'https://example.net' } });
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
    const preflight = (method: string) =>
      fetch(url, {
        method: 'OPTIONS',
        headers: { origin: 'https://app.example.com', 'access-control-request-method': method },
      });
    expect((await preflight('GET')).status).toBe(200);
    expect((await preflight('PUT')).status).toBe(403);

    await target.client.send(new DeleteBucketCorsCommand({ Bucket }));
    await expect(target.client.send(new GetBucketCorsCommand({ Bucket }))).rejects.toMatchObject(
      failure('NoSuchCORSConfiguration', 404),
    );
  });
});
