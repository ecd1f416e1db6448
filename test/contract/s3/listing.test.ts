import { ListObjectsCommand, ListObjectsV2Command, type ListObjectsV2CommandInput } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, it } from 'vitest';
import { failure, useTarget } from './target.ts';

const target = useTarget();
const list = async (input: Partial<ListObjectsV2CommandInput>) => {
  const page = await target.client.send(new ListObjectsV2Command({ Bucket: target.bucket, ...input }));
  return {
    keys: (page.Contents ?? []).map(({ Key }) => Key),
    prefixes: (page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix),
    page,
  };
};

// In UTF-8 order, which is neither the order of UTF-16 units (\u{ffff} before 🎬) nor that of any language.
const KEYS = [
  'a',
  'a/1',
  'a/2',
  'a/b/3',
  'a0',
  'b/1',
  'odd/&<"\'>',
  'odd/a b+c%',
  'z/é',
  'z/\u{ff5e}',
  'z/🎬',
];

beforeAll(async () => {
  for (const key of KEYS.toReversed()) await target.put(key, key);
});

describe('ListObjectsV2', () => {
  it('lists in the order of UTF-8 bytes', async () => {
    const { keys, page } = await list({});
    expect(keys).toEqual(KEYS);
    expect(page).toMatchObject({ KeyCount: KEYS.length, IsTruncated: false, Name: target.bucket });
    expect(page.Contents?.[1]).toMatchObject({ Key: 'a/1', Size: 3, StorageClass: 'STANDARD' });
  });

  it('lists what has a prefix', async () => {
    expect((await list({ Prefix: 'a/' })).keys).toEqual(['a/1', 'a/2', 'a/b/3']);
    expect((await list({ Prefix: 'none' })).keys).toEqual([]);
    expect((await list({ Prefix: 'z/🎬' })).keys).toEqual(['z/🎬']);
  });

  it('rolls up what is below the delimiter', async () => {
    expect(await list({ Delimiter: '/' })).toMatchObject({
      keys: ['a', 'a0'],
      prefixes: ['a/', 'b/', 'odd/', 'z/'],
    });
    expect(await list({ Delimiter: '/', Prefix: 'a/' })).toMatchObject({
      keys: ['a/1', 'a/2'],
      prefixes: ['a/b/'],
    });
  });

  it('starts after a key, whether it exists or not', async () => {
    expect((await list({ StartAfter: 'a/2', Prefix: 'a' })).keys).toEqual(['a/b/3', 'a0']);
    expect((await list({ StartAfter: 'a/1zzz', Prefix: 'a' })).keys).toEqual(['a/2', 'a/b/3', 'a0']);
  });

  it.each([1, 2, 3])('pages by %i through keys and common prefixes', async (MaxKeys) => {
    const seen: (string | undefined)[] = [];
    let ContinuationToken: string | undefined;
    do {
      const { keys, prefixes, page } = await list({ MaxKeys, Delimiter: '/', ContinuationToken });
      expect(keys.length + prefixes.length).toBeLessThanOrEqual(MaxKeys);
      expect(page.IsTruncated).toBe(page.NextContinuationToken !== undefined);
      seen.push(...keys, ...prefixes);
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    expect(seen.toSorted()).toEqual(['a', 'a/', 'a0', 'b/', 'odd/', 'z/']);
  });

  it('writes names for URLs when asked', async () => {
    const { keys, prefixes } = await list({ Prefix: 'odd/a', EncodingType: 'url' });
    expect(keys.map((key) => decodeURIComponent((key ?? '').replaceAll('+', ' ')))).toEqual(['odd/a b+c%']);
    expect(prefixes).toEqual([]);
  });

  it('takes no keys for an answer, and no nonsense', async () => {
    expect(await list({ MaxKeys: 0 })).toMatchObject({ keys: [], page: { IsTruncated: false, KeyCount: 0 } });
    await expect(list({ MaxKeys: -1 })).rejects.toMatchObject(failure('InvalidArgument', 400));
    await expect(list({ Bucket: `${target.bucket}-none` })).rejects.toMatchObject(
      failure('NoSuchBucket', 404),
    );
  });
});

describe('ListObjects', () => {
  it('pages by markers', async () => {
    const Bucket = target.bucket;
    const first = await target.client.send(new ListObjectsCommand({ Bucket, Delimiter: '/', MaxKeys: 2 }));
    expect(first.Contents?.map(({ Key }) => Key)).toEqual(['a']);
    expect(first).toMatchObject({ CommonPrefixes: [{ Prefix: 'a/' }], IsTruncated: true, NextMarker: 'a/' });
    const next = await target.client.send(
      new ListObjectsCommand({ Bucket, Delimiter: '/', Marker: first.NextMarker }),
    );
    expect(next.Contents?.map(({ Key }) => Key)).toEqual(['a0']);
  });
});
