import { hash } from 'node:crypto';
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { failure, useTarget } from './target.ts';

const target = useTarget();
const at = (Key: string) => ({ Bucket: target.bucket, Key });
const range = async (Key: string, Range: string) => {
  const found = await target.client.send(new GetObjectCommand({ ...at(Key), Range }));
  return [found.$metadata.httpStatusCode, found.ContentRange, await found.Body?.transformToString()];
};

describe('objects', () => {
  it('gives back bytes, headers and metadata, with the MD5 as ETag', async () => {
    await target.client.send(
      new PutObjectCommand({
        ...at('described'),
        Body: 'hello',
        ContentType: 'text/plain',
        CacheControl: 'no-store',
        ContentEncoding: 'identity',
        ContentDisposition: 'inline',
        Metadata: { stream: 'live/one', 'record-id': '7' },
      }),
    );
    const expected = {
      ETag: `"${hash('md5', 'hello')}"`,
      ContentLength: 5,
      ContentType: 'text/plain',
      CacheControl: 'no-store',
      ContentEncoding: 'identity',
      ContentDisposition: 'inline',
      AcceptRanges: 'bytes',
      Metadata: { stream: 'live/one', 'record-id': '7' },
    };
    const head = await target.client.send(new HeadObjectCommand(at('described')));
    expect(head).toMatchObject(expected);
    expect(Math.abs(Date.now() - (head.LastModified?.getTime() ?? 0))).toBeLessThan(60_000);
    const got = await target.client.send(new GetObjectCommand(at('described')));
    expect(got).toMatchObject(expected);
    expect(await got.Body?.transformToString()).toBe('hello');
  });

  it('has empty objects', async () => {
    expect(await target.put('empty', '')).toBe(`"${hash('md5', '')}"`);
    expect(await target.text('empty')).toBe('');
  });

  it('replaces an object', async () => {
    await target.put('replaced', 'one');
    await target.put('replaced', 'two');
    expect(await target.text('replaced')).toBe('two');
  });

  it.each([
    'plain',
    'folder/file.ts',
    'folder/',
    'a b/c+d',
    '100%/%2e%2e/%',
    '../../etc/passwd',
    './a/../b//c',
    'ünï/日本語/🎬',
    "!*'();:@&=$,?#[]~",
    'k'.repeat(1024),
  ])('takes the key %s as it is', async (key) => {
    await target.put(key, key);
    expect(await target.text(key)).toBe(key);
    await target.client.send(new DeleteObjectCommand(at(key)));
    await expect(target.text(key)).rejects.toMatchObject(failure('NoSuchKey', 404));
  });

  it('refuses a key of more than 1024 bytes', async () => {
    await expect(target.put('é'.repeat(513), 'x')).rejects.toMatchObject(failure('KeyTooLongError', 400));
  });

  it('refuses more than 2 KB of metadata', async () => {
    const put = new PutObjectCommand({
      ...at('large-metadata'),
      Body: '',
      Metadata: { a: 'x'.repeat(2100) },
    });
    await expect(target.client.send(put)).rejects.toMatchObject(failure('MetadataTooLarge', 400));
  });

  it('answers 404 for an object or bucket that does not exist, on HEAD without a body', async () => {
    await expect(target.text('none')).rejects.toMatchObject(failure('NoSuchKey', 404));
    const head = new HeadObjectCommand(at('none'));
    await expect(target.client.send(head)).rejects.toMatchObject(failure('NotFound', 404));
    const get = new GetObjectCommand({ Bucket: `${target.bucket}-none`, Key: 'none' });
    await expect(target.client.send(get)).rejects.toMatchObject(failure('NoSuchBucket', 404));
  });

  it('deletes what is there and is content with what is not', async () => {
    await target.put('gone', 'x');
    for (let i = 0; i < 2; i++) {
      const { $metadata } = await target.client.send(new DeleteObjectCommand(at('gone')));
      expect($metadata.httpStatusCode).toBe(204);
    }
  });

  it('deletes many objects at once', async () => {
    const keys = ['many/a', 'many/<&>"', 'many/ü'];
    for (const key of keys) await target.put(key, 'x');
    const Objects = [...keys, 'many/none'].map((Key) => ({ Key }));
    const loud = await target.client.send(
      new DeleteObjectsCommand({ Bucket: target.bucket, Delete: { Objects } }),
    );
    expect(loud.Deleted?.map(({ Key }) => Key).sort()).toEqual([...keys, 'many/none'].sort());
    expect(loud.Errors ?? []).toEqual([]);
    for (const key of keys) await expect(target.text(key)).rejects.toMatchObject({ name: 'NoSuchKey' });
    const quiet = await target.client.send(
      new DeleteObjectsCommand({ Bucket: target.bucket, Delete: { Objects, Quiet: true } }),
    );
    expect(quiet.Deleted ?? []).toEqual([]);
  });
});

describe('ranges', () => {
  it('gives the bytes that are asked for', async () => {
    await target.put('ranged', '0123456789');
    expect(await range('ranged', 'bytes=2-4')).toEqual([206, 'bytes 2-4/10', '234']);
    expect(await range('ranged', 'bytes=7-')).toEqual([206, 'bytes 7-9/10', '789']);
    expect(await range('ranged', 'bytes=8-100')).toEqual([206, 'bytes 8-9/10', '89']);
    expect(await range('ranged', 'bytes=-3')).toEqual([206, 'bytes 7-9/10', '789']);
    expect(await range('ranged', 'bytes=-30')).toEqual([206, 'bytes 0-9/10', '0123456789']);
  });

  it('answers 416 for a range outside the object', async () => {
    await target.put('ranged', '0123456789');
    for (const Range of ['bytes=10-', 'bytes=20-30', 'bytes=-0']) {
      const get = new GetObjectCommand({ ...at('ranged'), Range });
      await expect(target.client.send(get)).rejects.toMatchObject(failure('InvalidRange', 416));
    }
  });

  it('gives the size of a range on HEAD', async () => {
    await target.put('ranged', '0123456789');
    const head = await target.client.send(new HeadObjectCommand({ ...at('ranged'), Range: 'bytes=2-4' }));
    expect(head).toMatchObject({ ContentLength: 3, ContentRange: 'bytes 2-4/10' });
  });

  it('finds a range of a large object', async () => {
    const body = Buffer.from(Uint32Array.from({ length: 500_000 }, (_, i) => i).buffer);
    await target.put('large', body);
    const found = await target.client.send(
      new GetObjectCommand({ ...at('large'), Range: 'bytes=999998-1600001' }),
    );
    const bytes = Buffer.from((await found.Body?.transformToByteArray()) ?? []);
    expect(bytes.equals(body.subarray(999_998, 1_600_002))).toBe(true);
  });
});
