import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ContainerError } from '../container.ts';
import { type Amf0Value, decodeAmf0, encodeAmf0 } from './amf0.ts';

const values = fc.letrec<{ value: Amf0Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.double(),
    fc.boolean(),
    fc.string({ unit: 'grapheme' }),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.record({
      kind: fc.constantFrom('object' as const, 'ecma-array' as const),
      members: fc.array(fc.tuple(fc.string({ minLength: 1 }), tie('value'))).map((pairs) => new Map(pairs)),
    }),
  ),
})).value;

describe('AMF0', () => {
  it('reads back what it writes', () => {
    fc.assert(
      fc.property(fc.array(values), (list) => {
        expect(decodeAmf0(encodeAmf0(...list))).toEqual(list);
      }),
    );
  });

  it('writes long strings', () => {
    const text = 'x'.repeat(70_000);
    expect(decodeAmf0(encodeAmf0(text))).toEqual([text]);
  });

  it('writes what players expect', () => {
    const members = new Map<string, Amf0Value>([['a', 1]]);
    const bytes = encodeAmf0('b', { kind: 'ecma-array', members }, [true]);
    expect(bytes.toString('hex')).toBe('0200016208000000010001610' + '03ff00000000000000000090a000000010101');
  });

  it('refuses values cut short, of unknown type or nested without end', () => {
    const whole = encodeAmf0('onMetaData', { kind: 'object', members: new Map([['width', 1]]) });
    expect(() => decodeAmf0(whole.subarray(0, -1))).toThrow(ContainerError);
    expect(() => decodeAmf0(Buffer.from([0x0d]))).toThrow(ContainerError);
    expect(() => decodeAmf0(Buffer.alloc(5000, Buffer.from([0x0a, 0, 0, 0, 1])))).toThrow(ContainerError);
  });

  it('throws nothing but a ContainerError on garbage', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        try {
          decodeAmf0(Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(ContainerError);
        }
      }),
    );
  });
});
