import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { describe, expect, it } from 'vitest';
import { startS3 } from './index.ts';
import { credentials, temporaryS3 } from './temporary.ts';

const at = (Key: string) => ({ Bucket: 'media', Key });

describe('presigned URLs', () => {
  it('ends when it expires', async () => {
    let skew = 0;
    await using server = await temporaryS3({ now: () => Date.now() + skew });
    const { client } = server;
    await client.send(new PutObjectCommand({ ...at('a'), Body: 'x' }));
    const url = await getSignedUrl(client, new GetObjectCommand(at('a')), { expiresIn: 3600 });
    skew = 3590_000;
    expect((await fetch(url)).status).toBe(200);
    skew = 3610_000;
    const late = await fetch(url);
    expect(late.status).toBe(403);
    expect(await late.text()).toContain('<Code>AccessDenied</Code><Message>Request has expired</Message>');
  });

  it('works with the bucket in the host name', async () => {
    await using server = await temporaryS3();
    await server.client.send(new PutObjectCommand({ ...at('a/b c'), Body: 'by host' }));
    const virtual = new S3Client({
      endpoint: `http://localhost:${server.s3.port}`,
      region: 'us-east-1',
      credentials,
    });
    const url = new URL(await getSignedUrl(virtual, new GetObjectCommand(at('a/b c'))));
    expect(url.hostname).toBe('media.localhost');
    // Not every resolver knows the names below localhost.
    const response = await new Promise<string>((resolve, reject) => {
      const { port, pathname, search, host } = url;
      const get = { host: '127.0.0.1', port, path: `${pathname}${search}`, headers: { host } };
      request(get, (answer) => text(answer).then(resolve, reject))
        .on('error', reject)
        .end();
    });
    expect(response).toBe('by host');
  });
});

describe('signed headers', () => {
  it('hold for one region, which the refusal names', async () => {
    await using server = await temporaryS3({ region: 'eu-west-1' });
    const other = new S3Client({
      endpoint: server.s3.url,
      region: 'us-east-1',
      credentials,
      forcePathStyle: true,
    });
    await expect(other.send(new CreateBucketCommand({ Bucket: 'bucket' }))).rejects.toMatchObject({
      name: 'AuthorizationHeaderMalformed',
      Region: 'eu-west-1',
    });
  });
});

// The example of "Signature calculations: transferring payload in multiple chunks" in the Amazon S3 API reference.
describe('signed chunks', () => {
  const SIGNATURES = [
    'ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648',
    '0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497',
    'b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9',
  ];
  const chunk = (size: number, signature = '', letter = 'a') =>
    `${size.toString(16)};chunk-signature=${signature}\r\n${letter.repeat(size)}\r\n`;

  async function send(body: string): Promise<[number | undefined, string]> {
    const dataDir = await mkdtemp(join(tmpdir(), 's3-chunks-'));
    const example = {
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    };
    let now = Date.now();
    const s3 = await startS3({ dataDir, credentials: example, now: () => now });
    const { url: endpoint, region } = s3;
    const client = new S3Client({ endpoint, region, credentials: example, forcePathStyle: true });
    await client.send(new CreateBucketCommand({ Bucket: 'examplebucket' }));
    client.destroy();
    now = Date.UTC(2013, 4, 24);
    try {
      return await putExample(s3.port, body);
    } finally {
      await s3.close();
      await rm(dataDir, { recursive: true });
    }
  }

  const putExample = (port: number, body: string): Promise<[number | undefined, string]> =>
    new Promise((resolve, reject) => {
      request(
        {
          host: '127.0.0.1',
          port,
          method: 'PUT',
          path: '/examplebucket/chunkObject.txt',
          headers: {
            host: 's3.amazonaws.com',
            'x-amz-date': '20130524T000000Z',
            'x-amz-storage-class': 'REDUCED_REDUNDANCY',
            'content-encoding': 'aws-chunked',
            'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
            'x-amz-decoded-content-length': '66560',
            'content-length': '66824',
            authorization:
              'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,' +
              'SignedHeaders=content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;' +
              'x-amz-decoded-content-length;x-amz-storage-class,' +
              'Signature=4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9',
          },
        },
        (answer) => text(answer).then((body) => resolve([answer.statusCode, body]), reject),
      )
        .on('error', reject)
        .end(body);
    });

  it('are verified', async () => {
    const body = chunk(65_536, SIGNATURES[0]) + chunk(1024, SIGNATURES[1]) + chunk(0, SIGNATURES[2]);
    expect(await send(body)).toEqual([200, '']);
  });

  it('are refused when a byte differs', async () => {
    const body = chunk(65_536, SIGNATURES[0]) + chunk(1024, SIGNATURES[1], 'b') + chunk(0, SIGNATURES[2]);
    const [status, answer] = await send(body);
    expect(status).toBe(403);
    expect(answer).toContain('<Code>SignatureDoesNotMatch</Code>');
  });
});
