import { hash } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { failure, PART, useTarget } from './target.ts';

const target = useTarget();
const at = (Key: string) => ({ Bucket: target.bucket, Key });
const create = async (key: string, more: object = {}) => {
  const { UploadId } = await target.client.send(new CreateMultipartUploadCommand({ ...at(key), ...more }));
  return { ...at(key), UploadId };
};
type Upload = Awaited<ReturnType<typeof create>>;
const upload = async (to: Upload, PartNumber: number, Body: Buffer | string): Promise<CompletedPart> => {
  const part = await target.client.send(new UploadPartCommand({ ...to, PartNumber, Body }));
  return { PartNumber, ETag: part.ETag, ChecksumCRC32: part.ChecksumCRC32 };
};
const complete = (to: Upload, Parts: CompletedPart[]) =>
  target.client.send(new CompleteMultipartUploadCommand({ ...to, MultipartUpload: { Parts } }));

describe('multipart uploads', () => {
  it('makes one object of parts that came in any order, with gaps between their numbers', async () => {
    const to = await create('whole', { ContentType: 'video/mp4', Metadata: { a: 'b' } });
    const bodies = [Buffer.alloc(PART, 'a'), Buffer.alloc(PART + 1, 'b'), Buffer.from('end')];
    const last = await upload(to, 7, bodies[2] as Buffer);
    await upload(to, 3, 'replaced');
    const middle = await upload(to, 3, bodies[1] as Buffer);
    const first = await upload(to, 1, bodies[0] as Buffer);
    await expect(target.text('whole')).rejects.toMatchObject({ name: 'NoSuchKey' });
    const { ETag } = await complete(to, [first, middle, last]);

    const md5s = bodies.map((body) => hash('md5', body, 'buffer'));
    expect(ETag).toBe(`"${hash('md5', Buffer.concat(md5s))}-3"`);
    const got = await target.client.send(new GetObjectCommand(at('whole')));
    expect(got).toMatchObject({ ETag, ContentType: 'video/mp4', Metadata: { a: 'b' } });
    const bytes = Buffer.from((await got.Body?.transformToByteArray()) ?? []);
    expect(bytes.equals(Buffer.concat(bodies))).toBe(true);
    const across = await target.client.send(
      new GetObjectCommand({ ...at('whole'), Range: `bytes=${PART - 2}-${PART + 1}` }),
    );
    expect(await across.Body?.transformToString()).toBe('aabb');
    const part = await target.client.send(new HeadObjectCommand({ ...at('whole'), PartNumber: 2 }));
    expect(part).toMatchObject({ ContentLength: PART + 1, PartsCount: 3 });
    await expect(upload(to, 1, 'x')).rejects.toMatchObject(failure('NoSuchUpload', 404));
  });

  it('leaves out parts that are not listed at the end', async () => {
    const to = await create('some');
    await upload(to, 1, 'not this');
    const second = await upload(to, 2, 'only this');
    await complete(to, [second]);
    expect(await target.text('some')).toBe('only this');
  });

  it('refuses a wrong order, wrong ETags, absent parts and small parts', async () => {
    const to = await create('refused');
    const first = await upload(to, 1, 'small');
    const second = await upload(to, 2, 'small too');
    const wrong = { ...first, ETag: second.ETag };
    await expect(complete(to, [second, first])).rejects.toMatchObject(failure('InvalidPartOrder', 400));
    await expect(complete(to, [first, first])).rejects.toMatchObject(failure('InvalidPartOrder', 400));
    await expect(complete(to, [wrong])).rejects.toMatchObject(failure('InvalidPart', 400));
    await expect(complete(to, [{ ...first, PartNumber: 3 }])).rejects.toMatchObject(
      failure('InvalidPart', 400),
    );
    await expect(complete(to, [first, second])).rejects.toMatchObject(failure('EntityTooSmall', 400));
    await expect(complete(to, [])).rejects.toMatchObject(failure('MalformedXML', 400));
    await complete(to, [first]);
    expect(await target.text('refused')).toBe('small');
  });

  it.each([0, 10_001])('refuses part number %i', async (PartNumber) => {
    const to = await create('numbered');
    await expect(upload(to, PartNumber, 'x')).rejects.toMatchObject(failure('InvalidArgument', 400));
  });

  it('aborts', async () => {
    const to = await create('aborted');
    await upload(to, 1, 'x');
    await target.client.send(new AbortMultipartUploadCommand(to));
    const unknown = failure('NoSuchUpload', 404);
    await expect(target.client.send(new ListPartsCommand(to))).rejects.toMatchObject(unknown);
    await expect(target.client.send(new AbortMultipartUploadCommand(to))).rejects.toMatchObject(unknown);
    await expect(complete(to, [{ PartNumber: 1, ETag: '"x"' }])).rejects.toMatchObject(unknown);
  });

  it('knows an upload only with its own key', async () => {
    const to = await create('mine');
    await expect(upload({ ...to, Key: 'yours' }, 1, 'x')).rejects.toMatchObject(failure('NoSuchUpload', 404));
  });

  it('lists parts in pages, in the order of their numbers', async () => {
    const to = await create('paged');
    for (const number of [5, 1, 3]) await upload(to, number, `part ${number}`);
    const first = await target.client.send(new ListPartsCommand({ ...to, MaxParts: 2 }));
    expect(first).toMatchObject({
      IsTruncated: true,
      NextPartNumberMarker: '3',
      Parts: [
        { PartNumber: 1, Size: 6, ETag: `"${hash('md5', 'part 1')}"` },
        { PartNumber: 3, Size: 6 },
      ],
    });
    const rest = await target.client.send(
      new ListPartsCommand({ ...to, PartNumberMarker: first.NextPartNumberMarker }),
    );
    expect(rest).toMatchObject({ IsTruncated: false, Parts: [{ PartNumber: 5 }] });
  });

  it('lists uploads by prefix, in pages', async () => {
    const Bucket = target.bucket;
    const uploads = [
      await create('up/b'),
      await create('up/a'),
      await create('up/a'),
      await create('up/c/d'),
    ];
    const found: string[] = [];
    let markers: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } = {};
    for (let more = true; more; ) {
      const page = await target.client.send(
        new ListMultipartUploadsCommand({ Bucket, Prefix: 'up/', MaxUploads: 1, ...markers }),
      );
      found.push(...(page.Uploads ?? []).map(({ Key, UploadId }) => `${Key} ${UploadId}`));
      markers = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
      more = page.IsTruncated === true;
    }
    expect(found.map((line) => line.split(' ')[0])).toEqual(['up/a', 'up/a', 'up/b', 'up/c/d']);
    expect(found.toSorted()).toEqual(uploads.map(({ Key, UploadId }) => `${Key} ${UploadId}`).toSorted());
    const rolled = await target.client.send(
      new ListMultipartUploadsCommand({ Bucket, Prefix: 'up/', Delimiter: '/' }),
    );
    expect(rolled.Uploads?.map(({ Key }) => Key)).toEqual(['up/a', 'up/a', 'up/b']);
    expect(rolled.CommonPrefixes).toEqual([{ Prefix: 'up/c/' }]);
  });
});
