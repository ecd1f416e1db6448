import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAwsChunked } from './aws-chunked.ts';

async function* inPieces(body: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let start = 0;
  for (let i = 0; start < body.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    yield body.subarray(start, start + size);
    start += size;
  }
}

async function decode(encoded: string, sizes: readonly number[] = [encoded.length]) {
  const trailers: string[] = [];
  const data: Buffer[] = [];
  const onTrailer = (name: string, value: string) => trailers.push(`${name}=${value}`);
  const source = inPieces(Buffer.from(encoded, 'latin1'), sizes);
  for await (const chunk of decodeAwsChunked(source, { signer: undefined, onTrailer })) data.push(chunk);
  return { data: Buffer.concat(data).toString('latin1'), trailers };
}

const chunk = (data: string) => `${data.length.toString(16)}\r\n${data}\r\n`;

describe('decodeAwsChunked', () => {
  it('gives the data and trailers however the body is cut on its way', async () => {
    const encoded = `${chunk('a'.repeat(8192))}${chunk('\r\n0\r\n')}0\r\nx-amz-checksum-crc32: AAAA \r\n\r\n`;
    const cuts = fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(cuts, async (sizes) => {
        expect(await decode(encoded, sizes)).toEqual({
          data: `${'a'.repeat(8192)}\r\n0\r\n`,
          trailers: ['x-amz-checksum-crc32=AAAA'],
        });
      }),
    );
  });

  it.each([
    ['a body that ends in a chunk', '10\r\nabc', 'IncompleteBody'],
    ['a body that ends before the last chunk', chunk('abc'), 'IncompleteBody'],
    ['a chunk longer than it says', '3\r\nabcd\r\n0\r\n\r\n', 'IncompleteBody'],
    ['a size that is none', 'xyz\r\nabc\r\n0\r\n\r\n', 'IncompleteBody'],
    ['a line without end', 'a'.repeat(40_000), 'InvalidRequest'],
    ['a short chunk before others', `${chunk('abc')}${chunk('def')}0\r\n\r\n`, 'InvalidChunkSizeError'],
  ])('refuses %s', async (_, encoded, code) => {
    await expect(decode(encoded, [1000])).rejects.toMatchObject({ code });
  });
});
