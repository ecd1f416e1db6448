import { describe, expect, it } from 'vitest';
import { parseRange, partRange } from './ranges.ts';

describe('parseRange', () => {
  it.each([
    ['bytes=0-0', { start: 0, length: 1 }],
    ['bytes=3-', { start: 3, length: 7 }],
    ['bytes=3-99', { start: 3, length: 7 }],
    ['bytes=-4', { start: 6, length: 4 }],
    ['bytes=-99', { start: 0, length: 10 }],
  ])('reads %s', (header, range) => {
    expect(parseRange(header, 10)).toEqual(range);
  });

  it.each([undefined, '', 'bytes=-', 'bytes=5-3', 'bytes=0-1,3-4', 'lines=0-1', 'bytes=a-b'])(
    'ignores %s',
    (header) => {
      expect(parseRange(header, 10)).toBeUndefined();
    },
  );

  it.each([
    ['bytes=10-', 10],
    ['bytes=-0', 10],
    ['bytes=0-0', 0],
    ['bytes=-1', 0],
  ])('refuses %s of %i bytes', (header, size) => {
    expect(() => parseRange(header, size)).toThrow(expect.objectContaining({ code: 'InvalidRange' }));
  });
});

describe('partRange', () => {
  it('finds a part among others', () => {
    expect(partRange([5, 6, 7], 18, 3)).toEqual({ start: 11, length: 7 });
    expect(partRange(undefined, 18, 1)).toEqual({ start: 0, length: 18 });
    expect(() => partRange([5], 5, 2)).toThrow(expect.objectContaining({ code: 'InvalidPartNumber' }));
  });
});
