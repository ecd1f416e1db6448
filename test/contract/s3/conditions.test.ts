import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { failure, useTarget } from './target.ts';

const target = useTarget();
const at = (Key: string) => ({ Bucket: target.bucket, Key });
const HOUR = 3600_000;

describe('conditional reads', () => {
  it('obeys If-Match and If-None-Match', async () => {
    const ETag = await target.put('read', 'x');
    const get = (conditions: object) =>
      target.client.send(new GetObjectCommand({ ...at('read'), ...conditions }));
    expect((await get({ IfMatch: ETag })).ETag).toBe(ETag);
    expect((await get({ IfNoneMatch: '"other"' })).ETag).toBe(ETag);
    await expect(get({ IfMatch: '"other"' })).rejects.toMatchObject(failure('PreconditionFailed', 412));
    await expect(get({ IfNoneMatch: ETag })).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
  });

  it('obeys If-Modified-Since and If-Unmodified-Since', async () => {
    await target.put('read', 'x');
    const head = (conditions: object) =>
      target.client.send(new HeadObjectCommand({ ...at('read'), ...conditions }));
    const { LastModified = new Date(0) } = await head({});
    const before = new Date(LastModified.getTime() - HOUR);
    expect((await head({ IfModifiedSince: before })).ContentLength).toBe(1);
    expect((await head({ IfUnmodifiedSince: LastModified })).ContentLength).toBe(1);
    await expect(head({ IfModifiedSince: LastModified })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 304 },
    });
    await expect(head({ IfUnmodifiedSince: before })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 412 },
    });
  });
});

describe('conditional writes', () => {
  const put = (Key: string, Body: string, conditions: object) =>
    target.client.send(new PutObjectCommand({ ...at(Key), Body, ...conditions }));

  it('puts with If-None-Match: * only what is absent', async () => {
    await put('once', 'first', { IfNoneMatch: '*' });
    await expect(put('once', 'second', { IfNoneMatch: '*' })).rejects.toMatchObject(
      failure('PreconditionFailed', 412),
    );
    expect(await target.text('once')).toBe('first');
  });

  it('puts with If-Match only over that ETag', async () => {
    const ETag = await target.put('matched', 'first');
    await put('matched', 'second', { IfMatch: ETag });
    await expect(put('matched', 'third', { IfMatch: ETag })).rejects.toMatchObject(
      failure('PreconditionFailed', 412),
    );
    await expect(put('absent', 'x', { IfMatch: ETag })).rejects.toMatchObject(failure('NoSuchKey', 404));
    expect(await target.text('matched')).toBe('second');
  });

  it('lets one of many racing writers win', async () => {
    const writers = Array.from({ length: 8 }, (_, i) => put('raced', `writer ${i}`, { IfNoneMatch: '*' }));
    const results = await Promise.allSettled(writers);
    const winners = results.flatMap(({ status }, i) => (status === 'fulfilled' ? [`writer ${i}`] : []));
    expect(winners).toEqual([await target.text('raced')]);
  });

  it('completes an upload with If-None-Match: * only where nothing is', async () => {
    const complete = async (Body: string) => {
      const { UploadId } = await target.client.send(new CreateMultipartUploadCommand(at('completed')));
      const part = { ...at('completed'), UploadId, PartNumber: 1, Body };
      const { ETag, ChecksumCRC32 } = await target.client.send(new UploadPartCommand(part));
      const MultipartUpload = { Parts: [{ PartNumber: 1, ETag, ChecksumCRC32 }] };
      const command = { ...at('completed'), UploadId, MultipartUpload, IfNoneMatch: '*' };
      return target.client.send(new CompleteMultipartUploadCommand(command));
    };
    await complete('first');
    await expect(complete('second')).rejects.toMatchObject(failure('PreconditionFailed', 412));
    expect(await target.text('completed')).toBe('first');
  });
});
