import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newDigest } from './checksums.ts';
import { combineCrc } from './crc.ts';

const ALGORITHMS = ['CRC32', 'CRC32C', 'CRC64NVME'] as const;
const checksum = (algorithm: (typeof ALGORITHMS)[number], ...data: Buffer[]): string => {
  const digest = newDigest(algorithm);
  for (const buffer of data) digest.update(buffer);
  return digest.digest().toString('hex');
};

describe.each(ALGORITHMS)('%s', (algorithm) => {
  const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array));

  it('is the same in one piece and in several', () => {
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        expect(checksum(algorithm, a, b)).toBe(checksum(algorithm, Buffer.concat([a, b])));
      }),
    );
  });

  it('combines into that of both bodies', () => {
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        const of = (data: Buffer) => Buffer.from(checksum(algorithm, data), 'hex');
        const combined = combineCrc(algorithm)(of(a), of(b), b.length);
        expect(combined.toString('hex')).toBe(checksum(algorithm, a, b));
      }),
    );
  });
});

it.each([
  ['CRC32', 'cbf43926'],
  ['CRC32C', 'e3069283'],
  ['CRC64NVME', 'ae8b14860a799888'],
] as const)('%s has the check value of its definition', (algorithm, check) => {
  expect(checksum(algorithm, Buffer.from('123456789'))).toBe(check);
});
