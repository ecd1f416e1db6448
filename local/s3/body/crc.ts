import { crc32 } from 'node:zlib';

/** A running checksum, as `node:crypto` has them. */
export type Digest = { update(data: Buffer): void; digest(): Buffer };

// Reflected polynomials.
const CRC32 = 0xedb88320n;
const CRC32C = 0x82f63b78n;
const CRC64NVME = 0x9a6c9329ac4bc9b5n;

export function crc32Digest(): Digest {
  let crc = 0;
  return {
    update: (data) => {
      crc = crc32(data, crc);
    },
    digest: () => bytes(BigInt(crc), 32),
  };
}

export function crc32cDigest(): Digest {
  let crc = 0xffffffff;
  return {
    update: (data) => {
      const { low } = tables(CRC32C);
      for (let i = 0; i < data.length; i++) {
        crc = (low[(crc ^ (data[i] as number)) & 0xff] as number) ^ (crc >>> 8);
      }
    },
    digest: () => bytes(BigInt(~crc >>> 0), 32),
  };
}

// 64 bits as two halves: BigInt would be fifty times slower.
export function crc64nvmeDigest(): Digest {
  let high = 0xffffffff;
  let low = 0xffffffff;
  return {
    update: (data) => {
      const table = tables(CRC64NVME);
      for (let i = 0; i < data.length; i++) {
        const index = (low ^ (data[i] as number)) & 0xff;
        low = ((low >>> 8) | (high << 24)) ^ (table.low[index] as number);
        high = (high >>> 8) ^ (table.high[index] as number);
      }
    },
    digest: () => bytes((BigInt(~high >>> 0) << 32n) | BigInt(~low >>> 0), 64),
  };
}

/** The checksum of one body after another, from their checksums and the length of the second. */
export function combineCrc(algorithm: 'CRC32' | 'CRC32C' | 'CRC64NVME') {
  const polynomial = { CRC32, CRC32C, CRC64NVME }[algorithm];
  const width = algorithm === 'CRC64NVME' ? 64 : 32;
  const factors = new Map<number, bigint>();
  return (first: Buffer, second: Buffer, secondLength: number): Buffer => {
    const factor =
      factors.get(secondLength) ?? power(1n << BigInt(width - 9), secondLength, polynomial, width);
    factors.set(secondLength, factor);
    return bytes(multiply(number(first), factor, polynomial, width) ^ number(second), width);
  };
}

const number = (data: Buffer): bigint => BigInt(`0x${data.toString('hex')}`);

const bytes = (value: bigint, width: number): Buffer =>
  Buffer.from(value.toString(16).padStart(width / 4, '0'), 'hex');

/** Product of two polynomials modulo a third, all reflected: the highest bit is x⁰. */
function multiply(a: bigint, b: bigint, polynomial: bigint, width: number): bigint {
  let product = 0n;
  let shifted = b;
  for (let bit = 1n << BigInt(width - 1); bit > 0n; bit >>= 1n) {
    if (a & bit) product ^= shifted;
    shifted = shifted & 1n ? (shifted >> 1n) ^ polynomial : shifted >> 1n;
  }
  return product;
}

function power(base: bigint, exponent: number, polynomial: bigint, width: number): bigint {
  let result = 1n << BigInt(width - 1);
  let square = base;
  for (let left = BigInt(exponent); left > 0n; left >>= 1n) {
    if (left & 1n) result = multiply(result, square, polynomial, width);
    square = multiply(square, square, polynomial, width);
  }
  return result;
}

const known = new Map<bigint, { high: Int32Array; low: Int32Array }>();

/** The checksum of each byte, made at first use. */
function tables(polynomial: bigint): { high: Int32Array; low: Int32Array } {
  const made = known.get(polynomial);
  if (made) return made;
  const table = { high: new Int32Array(256), low: new Int32Array(256) };
  for (let byte = 0; byte < 256; byte++) {
    let crc = BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ polynomial : crc >> 1n;
    table.low[byte] = Number(BigInt.asIntN(32, crc));
    table.high[byte] = Number(BigInt.asIntN(32, crc >> 32n));
  }
  known.set(polynomial, table);
  return table;
}
