import { ContainerError } from '../container.ts';

/** An object or ECMA array; the two differ only in how they are written. */
export interface Amf0Members {
  readonly kind: 'object' | 'ecma-array';
  readonly members: ReadonlyMap<string, Amf0Value>;
}

/** The AMF0 types that FLV metadata use. Undefined is read as null, a date as its milliseconds since 1970. */
export type Amf0Value = number | boolean | string | null | readonly Amf0Value[] | Amf0Members;

const NUMBER = 0;
const BOOLEAN = 1;
const STRING = 2;
const OBJECT = 3;
const NULL = 5;
const UNDEFINED = 6;
const ECMA_ARRAY = 8;
const OBJECT_END = 9;
const STRICT_ARRAY = 10;
const DATE = 11;
const LONG_STRING = 12;

const MAX_DEPTH = 16;
const MAX_SHORT_STRING = 0xffff;

/** The values that fill `bytes` exactly, one after the other. */
export function decodeAmf0(bytes: Buffer): Amf0Value[] {
  const decoder = new Decoder(bytes);
  const values: Amf0Value[] = [];
  while (!decoder.done) values.push(decoder.value(0));
  return values;
}

export function encodeAmf0(...values: readonly Amf0Value[]): Buffer {
  const parts: Buffer[] = [];
  for (const value of values) encode(value, parts);
  return Buffer.concat(parts);
}

class Decoder {
  readonly #bytes: Buffer;
  #position = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#position === this.#bytes.length;
  }

  value(depth: number): Amf0Value {
    if (depth > MAX_DEPTH) throw new ContainerError('AMF0 values nested too deep');
    const marker = this.#take(1).readUInt8();
    switch (marker) {
      case NUMBER:
        return this.#take(8).readDoubleBE();
      case BOOLEAN:
        return this.#take(1).readUInt8() !== 0;
      case STRING:
        return this.#shortString();
      case LONG_STRING:
        return this.#take(this.#uint32()).toString('utf8');
      case NULL:
      case UNDEFINED:
        return null;
      case OBJECT:
        return { kind: 'object', members: this.#members(depth) };
      case ECMA_ARRAY:
        // The count is only a hint: the members end where the end marker stands.
        this.#uint32();
        return { kind: 'ecma-array', members: this.#members(depth) };
      case STRICT_ARRAY:
        return this.#items(depth);
      case DATE: {
        const date = this.#take(8).readDoubleBE();
        this.#take(2);
        return date;
      }
      default:
        throw new ContainerError(`AMF0 type ${marker} is not known`);
    }
  }

  #members(depth: number): Map<string, Amf0Value> {
    const members = new Map<string, Amf0Value>();
    for (;;) {
      const name = this.#shortString();
      if (name === '' && this.#bytes[this.#position] === OBJECT_END) {
        this.#position++;
        return members;
      }
      members.set(name, this.value(depth + 1));
    }
  }

  #items(depth: number): Amf0Value[] {
    const items: Amf0Value[] = [];
    for (let left = this.#uint32(); left > 0; left--) items.push(this.value(depth + 1));
    return items;
  }

  #uint32(): number {
    return this.#take(4).readUInt32BE();
  }

  #shortString(): string {
    return this.#take(this.#take(2).readUInt16BE()).toString('utf8');
  }

  #take(size: number): Buffer {
    const start = this.#position;
    if (size > this.#bytes.length - start) throw new ContainerError('AMF0 value cut short');
    this.#position += size;
    return this.#bytes.subarray(start, start + size);
  }
}

function encode(value: Amf0Value, parts: Buffer[]): void {
  if (value === null) {
    parts.push(Buffer.from([NULL]));
  } else if (typeof value === 'number') {
    const bytes = Buffer.alloc(9);
    bytes.writeDoubleBE(value, 1);
    parts.push(bytes);
  } else if (typeof value === 'boolean') {
    parts.push(Buffer.from([BOOLEAN, value ? 1 : 0]));
  } else if (typeof value === 'string') {
    encodeString(value, parts);
  } else if ('kind' in value) {
    encodeMembers(value, parts);
  } else {
    parts.push(withCount(STRICT_ARRAY, value.length));
    for (const item of value) encode(item, parts);
  }
}

function encodeMembers({ kind, members }: Amf0Members, parts: Buffer[]): void {
  parts.push(kind === 'object' ? Buffer.from([OBJECT]) : withCount(ECMA_ARRAY, members.size));
  for (const [name, value] of members) {
    parts.push(shortString(Buffer.from(name)));
    encode(value, parts);
  }
  parts.push(Buffer.from([0, 0, OBJECT_END]));
}

function encodeString(value: string, parts: Buffer[]): void {
  const text = Buffer.from(value);
  if (text.length > MAX_SHORT_STRING) parts.push(withCount(LONG_STRING, text.length), text);
  else parts.push(Buffer.from([STRING]), shortString(text));
}

function shortString(text: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(text.length);
  return Buffer.concat([length, text]);
}

function withCount(marker: number, count: number): Buffer {
  const bytes = Buffer.alloc(5);
  bytes.writeUInt8(marker);
  bytes.writeUInt32BE(count, 1);
  return bytes;
}
