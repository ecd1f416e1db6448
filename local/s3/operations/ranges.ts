import { S3Error } from '../errors.ts';

export type ByteRange = { readonly start: number; readonly length: number };

/**
 * The bytes that a `Range` header asks for; undefined means all of them. Several ranges or another unit are
 * ignored, as HTTP allows and S3 does. @throws S3Error InvalidRange
 */
export function parseRange(header: string | undefined, size: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  const [, first = '', last = ''] = match;
  if (first === '') {
    const length = Math.min(Number(last), size);
    if (length === 0) throw invalidRange(header, size);
    return { start: size - length, length };
  }
  const start = Number(first);
  const end = last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== '' && Number(last) < start) return undefined;
  if (start >= size) throw invalidRange(header, size);
  return { start, length: end - start + 1 };
}

/** The bytes of one part of an object that was uploaded in parts. @throws S3Error InvalidPartNumber */
export function partRange(parts: readonly number[] | undefined, size: number, number: number): ByteRange {
  const sizes = parts ?? [size];
  const length = sizes[number - 1];
  if (length === undefined) throw new S3Error('InvalidPartNumber');
  return { start: sizes.slice(0, number - 1).reduce((sum, part) => sum + part, 0), length };
}

const invalidRange = (header: string | undefined, size: number): S3Error =>
  new S3Error('InvalidRange', undefined, { RangeRequested: header ?? '', ActualObjectSize: String(size) });
