import { ContainerError } from '../container.ts';

export interface Box {
  readonly type: string;
  /** Header and content. */
  readonly bytes: Buffer;
  readonly content: Buffer;
}

/** The boxes that fill `bytes` exactly. */
export function readBoxes(bytes: Buffer): Box[] {
  const boxes: Box[] = [];
  for (let position = 0; position < bytes.length; ) {
    if (bytes.length - position < 8) throw new ContainerError('MP4 box header cut short');
    const size = bytes.readUInt32BE(position);
    const type = bytes.toString('latin1', position + 4, position + 8);
    if (size < 8 || size > bytes.length - position)
      throw new ContainerError(`MP4 box ${type} of ${size} bytes`);
    const box = bytes.subarray(position, position + size);
    boxes.push({ type, bytes: box, content: box.subarray(8) });
    position += size;
  }
  return boxes;
}

export function findBox(boxes: readonly Box[], type: string): Box | undefined {
  return boxes.find((box) => box.type === type);
}

export function requireBox(boxes: readonly Box[], type: string): Box {
  const box = findBox(boxes, type);
  if (box === undefined) throw new ContainerError(`MP4 box ${type} is missing`);
  return box;
}

/** A box as a list of buffers, so that large tables are not copied at every level. */
export function writeBox(type: string, ...parts: readonly Buffer[]): Buffer[] {
  const header = Buffer.alloc(8);
  header.writeUInt32BE(parts.reduce((sum, part) => sum + part.length, 8));
  header.write(type, 4, 'latin1');
  return [header, ...parts];
}

/** 32-bit fields, big-endian; negative numbers in two's complement. */
export function uint32s(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, index * 4);
  return bytes;
}

/** A 64-bit signed field. */
export function int64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
}

/** Reads the fields of a box in turn; a box that is too short is a ContainerError. */
export class FieldReader {
  readonly #bytes: Buffer;
  #position = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  skip(size: number): void {
    this.#advance(size);
  }

  take(size: number): Buffer {
    const position = this.#advance(size);
    return this.#bytes.subarray(position, position + size);
  }

  rest(): Buffer {
    return this.take(this.remaining);
  }

  get remaining(): number {
    return this.#bytes.length - this.#position;
  }

  uint32(): number {
    return this.#bytes.readUInt32BE(this.#advance(4));
  }

  int32(): number {
    return this.#bytes.readInt32BE(this.#advance(4));
  }

  int64(): number {
    const value = Number(this.#bytes.readBigInt64BE(this.#advance(8)));
    if (!Number.isSafeInteger(value)) throw new ContainerError('MP4 field beyond 53 bits');
    return value;
  }

  /** Version and flags, the first field of a full box. */
  versionAndFlags(): { version: number; flags: number } {
    const value = this.uint32();
    return { version: value >>> 24, flags: value & 0xffffff };
  }

  #advance(size: number): number {
    const position = this.#position;
    if (size > this.remaining) throw new ContainerError('MP4 box shorter than its fields');
    this.#position += size;
    return position;
  }
}
