import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BLOCK_BYTES } from './block-pool.ts';
import { MediaBuffer } from './media-buffer.ts';

describe('A media buffer', () => {
  it('gives back what was appended, in order, however it is taken', () => {
    const operation = fc.oneof(
      fc.nat(3 * BLOCK_BYTES).map((length) => ({ append: Buffer.alloc(length, `${length} bytes, `) })),
      fc.nat(4 * BLOCK_BYTES).map((take) => ({ take })),
    );
    fc.assert(
      fc.property(fc.array(operation), (operations) => {
        const buffer = new MediaBuffer();
        const appended: Buffer[] = [];
        const taken: Buffer[] = [];
        for (const step of operations) {
          if ('append' in step) {
            appended.push(step.append);
            buffer.append(step.append);
            continue;
          }
          const before = buffer.length;
          const chunks = buffer.take(step.take);
          expect(chunks.length).toBe(Math.min(step.take, before));
          expect(Buffer.concat(chunks.buffers)).toHaveLength(chunks.length);
          expect(buffer.length).toBe(before - chunks.length);
          taken.push(...chunks.buffers);
        }
        const rest = buffer.peek();
        expect(rest.length).toBe(buffer.length);
        expect(Buffer.concat([...taken, ...rest.buffers]).equals(Buffer.concat(appended))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('keeps a peek as it was when more is appended and taken', () => {
    const buffer = new MediaBuffer();
    buffer.append(Buffer.from('abc'));
    const peeked = buffer.peek();
    buffer.append(Buffer.from('def'));
    buffer.take(2);
    expect(Buffer.concat(peeked.buffers).toString()).toBe('abc');
  });

  it('uses the memory of what was released again, and only that', () => {
    const given: Buffer[] = [];
    const buffer = new MediaBuffer({
      take: () => Buffer.alloc(BLOCK_BYTES),
      give: (block) => given.push(block),
    });
    buffer.append(Buffer.alloc(BLOCK_BYTES + 10, 'a'));
    const taken = buffer.take(BLOCK_BYTES + 5);
    expect(given).toHaveLength(0);
    taken.release();
    taken.release();
    // The second block still holds five bytes.
    expect(given).toHaveLength(1);
    expect(buffer.length).toBe(5);
  });
});
