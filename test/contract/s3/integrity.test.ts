import { createHash, hash } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { describe, expect, it } from 'vitest';
import { failure, PART, useTarget } from './target.ts';

const target = useTarget();
const at = (Key: string) => ({ Bucket: target.bucket, Key });
const head = (key: string) =>
  target.client.send(new HeadObjectCommand({ ...at(key), ChecksumMode: 'ENABLED' }));

// Of '123456789': the check values by which each algorithm is defined.
const CHECKS = [
  ['CRC32', 'ChecksumCRC32', Buffer.from('cbf43926', 'hex')],
  ['CRC32C', 'ChecksumCRC32C', Buffer.from('e3069283', 'hex')],
  ['CRC64NVME', 'ChecksumCRC64NVME', Buffer.from('ae8b14860a799888', 'hex')],
  ['SHA1', 'ChecksumSHA1', createHash('sha1').update('123456789').digest()],
  ['SHA256', 'ChecksumSHA256', createHash('sha256').update('123456789').digest()],
] as const;

describe('checksums of objects', () => {
  it.each(CHECKS)('verifies and keeps %s', async (ChecksumAlgorithm, member, bytes) => {
    const right = { [member]: bytes.toString('base64') };
    await target.client.send(
      new PutObjectCommand({ ...at('checked'), Body: '123456789', ChecksumAlgorithm, ...right }),
    );
    expect(await head('checked')).toMatchObject({ ...right, ChecksumType: 'FULL_OBJECT' });
    const got = await target.client.send(new GetObjectCommand({ ...at('checked'), ChecksumMode: 'ENABLED' }));
    expect(await got.Body?.transformToString()).toBe('123456789');
    expect(got).toMatchObject(right);
    const wrong = { ...at('unchecked'), Body: '12345678', ChecksumAlgorithm, ...right };
    await expect(target.client.send(new PutObjectCommand(wrong))).rejects.toMatchObject(
      failure('BadDigest', 400),
    );
    await expect(target.text('unchecked')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('verifies Content-MD5', async () => {
    const md5 = (text: string) => hash('md5', text, 'base64');
    const put = (ContentMD5: string) =>
      target.client.send(new PutObjectCommand({ ...at('md5'), Body: 'body', ContentMD5 }));
    expect((await put(md5('body'))).ETag).toBe(`"${hash('md5', 'body')}"`);
    await expect(put(md5('other'))).rejects.toMatchObject(failure('BadDigest', 400));
    await expect(put('nonsense')).rejects.toMatchObject(failure('InvalidDigest', 400));
  });
});

describe('streamed bodies', () => {
  const chunks = (count: number, size: number) =>
    Array.from({ length: count }, (_, i) => Buffer.alloc(size, i));

  it('takes a body in signed headers and trailing checksum (aws-chunked)', async () => {
    const bytes = Buffer.concat(chunks(40, 16_384));
    const put = { ...at('streamed'), Body: Readable.from(chunks(40, 16_384)), ContentLength: bytes.length };
    const { ETag, ChecksumCRC32 } = await target.client.send(
      new PutObjectCommand({ ...put, ContentEncoding: 'identity' }),
    );
    expect(ETag).toBe(`"${hash('md5', bytes)}"`);
    expect(await head('streamed')).toMatchObject({
      ChecksumCRC32,
      ContentLength: bytes.length,
      ContentEncoding: 'identity',
    });
  });

  it('takes a streamed part', async () => {
    const { UploadId } = await target.client.send(new CreateMultipartUploadCommand(at('streamed-part')));
    const { ETag } = await target.client.send(
      new UploadPartCommand({
        ...at('streamed-part'),
        UploadId,
        PartNumber: 1,
        Body: Readable.from(chunks(3, 65_536)),
        ContentLength: 3 * 65_536,
      }),
    );
    expect(ETag).toBe(`"${hash('md5', Buffer.concat(chunks(3, 65_536)))}"`);
  });

  it('needs to know the length before', async () => {
    const client = target.newClient({ requestChecksumCalculation: 'WHEN_REQUIRED' });
    const url = await getSignedUrl(client, new PutObjectCommand(at('endless')));
    const body = new Blob(['x']).stream();
    const response = await fetch(url, { method: 'PUT', body, duplex: 'half' } as RequestInit);
    expect(response.status).toBe(501);
    expect(await response.text()).toContain('<Header>Transfer-Encoding</Header>');
  });
});

describe('checksums of multipart uploads', () => {
  const bodies = [Buffer.alloc(PART, 'a'), Buffer.alloc(PART, 'b'), Buffer.from('end')];

  async function uploadAll(key: string, settings: object) {
    const { UploadId } = await target.client.send(
      new CreateMultipartUploadCommand({ ...at(key), ChecksumAlgorithm: 'CRC32', ...settings }),
    );
    const Parts: CompletedPart[] = [];
    for (const [i, Body] of bodies.entries()) {
      const part = { ...at(key), UploadId, PartNumber: i + 1, Body };
      const { ETag, ChecksumCRC32 } = await target.client.send(
        new UploadPartCommand({ ...part, ChecksumAlgorithm: 'CRC32' }),
      );
      Parts.push({ PartNumber: i + 1, ETag, ChecksumCRC32 });
    }
    return { ...at(key), UploadId, MultipartUpload: { Parts } };
  }

  it('makes a composite one of those of the parts, which must be listed', async () => {
    const upload = await uploadAll('composite', {});
    const Parts = upload.MultipartUpload.Parts.map(({ PartNumber, ETag }) => ({ PartNumber, ETag }));
    const bare = new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } });
    await expect(target.client.send(bare)).rejects.toMatchObject(failure('InvalidRequest', 400));
    const { ChecksumCRC32, ChecksumType } = await target.client.send(
      new CompleteMultipartUploadCommand(upload),
    );
    expect(ChecksumCRC32).toMatch(/^[A-Za-z0-9+/]{6}==-3$/);
    expect(ChecksumType).toBe('COMPOSITE');
    expect(await head('composite')).toMatchObject({ ChecksumCRC32, ChecksumType });
  });

  it('computes that of the full object from those of the parts', async () => {
    const { ChecksumCRC32 } = await target.client.send(
      new PutObjectCommand({ ...at('at-once'), Body: Buffer.concat(bodies), ChecksumAlgorithm: 'CRC32' }),
    );
    const upload = await uploadAll('full', { ChecksumType: 'FULL_OBJECT' });
    await target.client.send(
      new CompleteMultipartUploadCommand({ ...upload, ChecksumType: 'FULL_OBJECT', ChecksumCRC32 }),
    );
    expect(await head('full')).toMatchObject({ ChecksumCRC32, ChecksumType: 'FULL_OBJECT' });
  });
});
