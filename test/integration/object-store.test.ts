import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, DeleteBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startS3 } from '../../local/s3/index.ts';
import type { Bucket } from '../../shared/schemas/storage.ts';
import { describeObjectStore } from '../../shared/storage/object-store.contract.ts';
import { createObjectStore, s3ClientFor } from '../../shared/storage/s3-object-store.ts';

type Endpoint = Pick<Bucket, 'region' | 'endpoint'> & { stop(): Promise<void> };

const setCredentials = (accessKeyId: string, secretAccessKey: string): void => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', accessKeyId);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', secretAccessKey);
};

/** The endpoint of the standard environment variables; without one, a server of our own in a temporary folder. */
const openEndpoint = async (): Promise<Endpoint> => {
  if ((process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL) !== undefined) {
    return { region: process.env.AWS_REGION ?? 'us-east-1', stop: async () => undefined };
  }
  const dataDir = await mkdtemp(join(tmpdir(), 'object-store-'));
  const credentials = { accessKeyId: 'integration', secretAccessKey: 'integration-secret' };
  setCredentials(credentials.accessKeyId, credentials.secretAccessKey);
  const { url, region, close } = await startS3({ dataDir, credentials });
  const stop = async () => {
    await close();
    await rm(dataDir, { recursive: true });
  };
  return { region, endpoint: url, stop };
};

let stop: () => Promise<void>;
let client: S3Client;
let bucket: Bucket;

beforeAll(async () => {
  const { stop: stopEndpoint, ...endpoint } = await openEndpoint();
  stop = stopEndpoint;
  bucket = { bucket: `object-store-${randomUUID()}`, forcePathStyle: true, ...endpoint };
  client = s3ClientFor(bucket);
  await client.send(new CreateBucketCommand({ Bucket: bucket.bucket }));
});

afterAll(async () => {
  const store = createObjectStore(bucket, client);
  for (const { key } of await store.list('')) await store.delete(key);
  await client.send(new DeleteBucketCommand({ Bucket: bucket.bucket }));
  client.destroy();
  await stop();
  vi.unstubAllEnvs();
});

describeObjectStore('The object store on S3', async () => ({
  store: createObjectStore(bucket, client),
  bucket: bucket.bucket,
  close: async () => undefined,
}));

describe('The object store on S3, beyond the contract', () => {
  it('presigns URLs that need no credentials, with a content type and a name for browsers', async () => {
    const store = createObjectStore(bucket, client);
    await store.put('p/song.aac', Buffer.from('music'), { contentType: 'application/octet-stream' });
    const url = await store.presign('p/song.aac', {
      expiresInSeconds: 60,
      contentType: 'audio/aac',
      downloadName: 'Lied ü.aac',
    });
    const response = await fetch(url);
    expect(response.headers.get('content-type')).toBe('audio/aac');
    expect(response.headers.get('content-disposition')).toBe("inline; filename*=UTF-8''Lied%20%C3%BC.aac");
    expect(await response.text()).toBe('music');
  });

  it('stores content types and cache control', async () => {
    const store = createObjectStore(bucket, client);
    await store.put('p/live.m3u8', Buffer.from('#EXTM3U'), { contentType: 'a/b', cacheControl: 'no-cache' });
    const { headers } = await fetch(await store.presign('p/live.m3u8', { expiresInSeconds: 60 }));
    expect([headers.get('content-type'), headers.get('cache-control')]).toEqual(['a/b', 'no-cache']);
  });

  it('says that a bucket is missing', async () => {
    const store = createObjectStore({ ...bucket, bucket: `missing-${randomUUID()}` }, client);
    await expect(store.put('a', Buffer.from('x'))).rejects.toMatchObject({
      name: 'StorageError',
      kind: 'missing',
    });
    await expect(store.createUpload('a', 'a/b')).rejects.toMatchObject({ kind: 'missing' });
  });

  it('says that it is denied', async () => {
    const own = { id: process.env.AWS_ACCESS_KEY_ID ?? '', secret: process.env.AWS_SECRET_ACCESS_KEY ?? '' };
    setCredentials('nobody', 'wrong');
    const stranger = s3ClientFor(bucket);
    const store = createObjectStore(bucket, stranger);
    await expect(store.put('a', Buffer.from('x'))).rejects.toMatchObject({
      kind: 'denied',
      operation: 'PutObject',
    });
    await expect(store.get('a')).rejects.toMatchObject({ kind: 'denied' });
    stranger.destroy();
    setCredentials(own.id, own.secret);
  });

  it('says that nobody answers', async () => {
    const nowhere = { ...bucket, endpoint: 'http://127.0.0.1:1' };
    const store = createObjectStore(nowhere, s3ClientFor(nowhere));
    await expect(store.put('a', Buffer.from('x'))).rejects.toMatchObject({ kind: 'unavailable' });
  });
});
