import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BLOCK_BYTES, createBlockPool } from './block-pool.ts';
import { MediaBuffer, type Taken } from './media-buffer.ts';

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

describe('The memory of a media buffer', () => {
  it('is used again only when what was in it is released', () => {
    const operation = fc.oneof(
      fc.nat(2 * BLOCK_BYTES).map((append) => ({ append })),
      fc.nat(3 * BLOCK_BYTES).map((take) => ({ take })),
      fc.constant('release' as const),
    );
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 20 }), (operations) => {
        const pool = createBlockPool(8);
        const buffer = new MediaBuffer(pool);
        const held: { taken: Taken; expected: Buffer }[] = [];
        let pending = Buffer.alloc(0);
        for (const [step, each] of operations.entries()) {
          if (each === 'release') held.shift()?.taken.release();
          else if ('append' in each) {
            const bytes = Buffer.alloc(each.append, step + 1);
            buffer.append(bytes);
            pending = Buffer.concat([pending, bytes]);
          } else {
            held.push({ taken: buffer.take(each.take), expected: pending.subarray(0, each.take) });
            pending = pending.subarray(each.take);
          }
          for (const { taken, expected } of held) {
            expect(Buffer.concat(taken.buffers).equals(expected)).toBe(true);
          }
          expect(Buffer.concat(buffer.peek().buffers).equals(pending)).toBe(true);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('is used again after a release, once, and up to what the pool keeps', () => {
    const pool = createBlockPool(1);
    const buffer = new MediaBuffer(pool);
    buffer.append(Buffer.alloc(2 * BLOCK_BYTES));
    const taken = buffer.take(2 * BLOCK_BYTES);
    taken.release();
    taken.release();
    const [first, second] = [pool.take(), pool.take()];
    expect(taken.buffers.filter(({ buffer: memory }) => memory === first.buffer)).toHaveLength(1);
    expect(taken.buffers.filter(({ buffer: memory }) => memory === second.buffer)).toHaveLength(0);
  });
});
