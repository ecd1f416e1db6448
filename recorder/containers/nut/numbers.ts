const CONTINUES = 0x80;
const SEVEN_BITS = 128;

/** Reads the numbers of NUT. Behind the end it reads zeros, and says so. */
export class Cursor {
  readonly #bytes: Buffer;
  #at = 0;
  #isShort = false;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Bytes read so far. */
  get at(): number {
    return this.#at;
  }

  /** Bytes left to read. */
  get left(): number {
    return this.#bytes.length - this.#at;
  }

  /** Whether it was asked for more than there is. */
  get isShort(): boolean {
    return this.#isShort;
  }

  byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) {
      this.#isShort = true;
      return 0;
    }
    this.#at += 1;
    return byte;
  }

  /** Seven bits a byte, the greatest first; exact up to 2^53. */
  unsigned(): number {
    let value = 0;
    let byte: number;
    do {
      byte = this.byte();
      value = value * SEVEN_BITS + (byte % SEVEN_BITS);
    } while (byte >= CONTINUES);
    return value;
  }

  signed(): number {
    const value = this.unsigned() + 1;
    return value % 2 === 1 ? -((value - 1) / 2) : value / 2;
  }

  /** A number of bytes, and these. */
  counted(): Buffer {
    return this.take(this.unsigned());
  }

  take(size: number): Buffer {
    if (size > this.left) this.#isShort = true;
    const taken = this.#bytes.subarray(this.#at, this.#at + size);
    this.#at += taken.length;
    return taken;
  }
}

/** As `Cursor.unsigned` reads it. Pure. */
export const unsigned = (value: number): number[] => {
  const bytes = [value % SEVEN_BITS];
  for (let rest = Math.floor(value / SEVEN_BITS); rest > 0; rest = Math.floor(rest / SEVEN_BITS))
    bytes.unshift((rest % SEVEN_BITS) + CONTINUES);
  return bytes;
};

const POLYNOMIAL = 0x04c1_1db7;
const TOP_BIT = 0x8000_0000;

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let crc = index << 24;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc & TOP_BIT) === 0 ? crc << 1 : (crc << 1) ^ POLYNOMIAL;
  return crc >>> 0;
});

/** CRC-32 the other way round than in PNG and zip: the greatest bit first, from zero. Pure. */
export const checksumOf = (bytes: Uint8Array): Buffer => {
  let crc = 0;
  for (const byte of bytes) crc = (crc << 8) ^ (TABLE[((crc >>> 24) ^ byte) & 0xff] ?? 0);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc >>> 0);
  return checksum;
};
