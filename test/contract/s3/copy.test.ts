import { hash } from 'node:crypto';
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { failure, PART, useTarget } from './target.ts';

const target = useTarget();
const at = (Key: string) => ({ Bucket: target.bucket, Key });
const from = (key: string) => ({ CopySource: `${target.bucket}/${encodeURIComponent(key)}` });

describe('CopyObject', () => {
  it('copies bytes, headers and metadata, which outlive the source', async () => {
    await target.client.send(
      new PutObjectCommand({
        ...at('from/ü +%'),
        Body: 'bytes',
        ContentType: 'text/x',
        Metadata: { a: '1' },
      }),
    );
    const copied = await target.client.send(new CopyObjectCommand({ ...at('to'), ...from('from/ü +%') }));
    expect(copied.CopyObjectResult?.ETag).toBe(`"${hash('md5', 'bytes')}"`);
    await target.client.send(new DeleteObjectCommand(at('from/ü +%')));
    expect(await target.text('to')).toBe('bytes');
    const head = await target.client.send(new HeadObjectCommand(at('to')));
    expect(head).toMatchObject({ ContentType: 'text/x', Metadata: { a: '1' } });
  });

  it('replaces the metadata when told, also of the object itself', async () => {
    await target.client.send(new PutObjectCommand({ ...at('self'), Body: 'x', Metadata: { a: '1' } }));
    const self = new CopyObjectCommand({ ...at('self'), ...from('self') });
    await expect(target.client.send(self)).rejects.toMatchObject(failure('InvalidRequest', 400));
    await target.client.send(
      new CopyObjectCommand({
        ...at('self'),
        ...from('self'),
        MetadataDirective: 'REPLACE',
        ContentType: 'text/y',
        Metadata: { b: '2' },
      }),
    );
    const head = await target.client.send(new HeadObjectCommand(at('self')));
    expect(head).toMatchObject({ ContentType: 'text/y', Metadata: { b: '2' }, ContentLength: 1 });
  });

  it('refuses an absent source and failed conditions', async () => {
    await target.put('source', 'x');
    const copy = (more: object) =>
      target.client.send(new CopyObjectCommand({ ...at('copy'), ...from('source'), ...more }));
    await expect(copy(from('none'))).rejects.toMatchObject(failure('NoSuchKey', 404));
    await expect(copy({ CopySourceIfMatch: '"other"' })).rejects.toMatchObject(
      failure('PreconditionFailed', 412),
    );
  });
});

describe('UploadPartCopy', () => {
  it('makes parts of whole objects and of ranges of them', async () => {
    await target.put('media', Buffer.concat([Buffer.alloc(PART, 'a'), Buffer.from('0123456789')]));
    const { UploadId } = await target.client.send(new CreateMultipartUploadCommand(at('assembled')));
    const to = { ...at('assembled'), UploadId };
    const copies = [
      { PartNumber: 1, ...from('media') },
      { PartNumber: 2, ...from('media'), CopySourceRange: `bytes=0-${PART + 2}` },
    ];
    const Parts = [];
    for (const copy of copies) {
      const { CopyPartResult } = await target.client.send(new UploadPartCopyCommand({ ...to, ...copy }));
      Parts.push({ PartNumber: copy.PartNumber, ETag: CopyPartResult?.ETag });
    }
    const { ETag } = await target.client.send(new UploadPartCommand({ ...to, PartNumber: 3, Body: 'end' }));
    Parts.push({ PartNumber: 3, ETag });
    await target.client.send(new CompleteMultipartUploadCommand({ ...to, MultipartUpload: { Parts } }));
    await target.client.send(new DeleteObjectCommand(at('media')));
    const got = await target.client.send(
      new GetObjectCommand({ ...at('assembled'), Range: `bytes=${PART + 8}-${PART + 11}` }),
    );
    expect(await got.Body?.transformToString()).toBe('89aa');
    const end = await target.client.send(new GetObjectCommand({ ...at('assembled'), Range: 'bytes=-8' }));
    expect(await end.Body?.transformToString()).toBe('aa012end'.slice(-8));
  });

  it('refuses a range outside the source', async () => {
    await target.put('short', 'abc');
    const { UploadId } = await target.client.send(new CreateMultipartUploadCommand(at('outside')));
    const copy = {
      ...at('outside'),
      UploadId,
      PartNumber: 1,
      ...from('short'),
      CopySourceRange: 'bytes=1-3',
    };
    await expect(target.client.send(new UploadPartCopyCommand(copy))).rejects.toMatchObject(
      failure('InvalidArgument', 400),
    );
  });
});
