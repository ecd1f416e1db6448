import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteQueue } from './byte-queue.ts';

describe('a byte queue', () => {
  it('behaves like one joined buffer', () => {
    const pieces = fc.array(fc.uint8Array({ minLength: 0, maxLength: 8 }), { minLength: 1 });
    fc.assert(
      fc.property(pieces, fc.nat(), fc.nat(), fc.nat(255), (chunks, a, b, byte) => {
        const joined = Buffer.concat(chunks);
        const queue = new ByteQueue();
        for (const chunk of chunks) queue.append(Buffer.from(chunk));
        if (joined.length === 0) return;
        const position = a % joined.length;
        const size = b % (joined.length - position + 1);
        expect(queue.peek(position, size)).toEqual(joined.subarray(position, position + size));
        queue.write(position, byte);
        joined[position] = byte;
        expect(Buffer.concat(queue.take(size))).toEqual(joined.subarray(0, size));
        expect(Buffer.concat(queue.take(queue.length))).toEqual(joined.subarray(size));
        expect(queue.length).toBe(0);
      }),
    );
  });

  it('hands out views, not copies', () => {
    const chunk = Buffer.from('abcdef');
    const queue = new ByteQueue();
    queue.append(chunk);
    expect(queue.take(2)[0]?.buffer).toBe(chunk.buffer);
    expect(() => queue.peek(4, 1)).toThrow(RangeError);
  });
});
