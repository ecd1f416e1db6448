import { describe, expect, it } from 'vitest';
import { type Glance, STALL_MS, watch } from './watch.ts';

const glance = (more: Partial<Glance> = {}): Glance => ({
  now: 100_000,
  lastByteAt: 99_900,
  isOverflowFull: false,
  lookedAt: 0,
  looks: 0,
  ...more,
});
const silentFor = (ms: number, more: Partial<Glance> = {}) =>
  watch(glance({ lastByteAt: 100_000 - ms, ...more }));

describe('The watch over a capture', () => {
  it('lets it go on while bytes come', () => {
    expect(watch(glance())).toBe('go-on');
    expect(silentFor(499)).toBe('go-on');
  });

  it('has the session looked up after half a second of silence, and then less and less often', () => {
    expect(silentFor(500)).toBe('look-up-session');
    const looksAfter = (pause: number, looks: number) =>
      silentFor(9000, { looks, lookedAt: 100_000 - pause });
    expect([looksAfter(499, 1), looksAfter(500, 1)]).toEqual(['go-on', 'look-up-session']);
    expect([looksAfter(999, 2), looksAfter(1000, 2)]).toEqual(['go-on', 'look-up-session']);
    expect([looksAfter(3999, 9), looksAfter(4000, 9)]).toEqual(['go-on', 'look-up-session']);
  });

  it('ends a silence that is too long', () => {
    expect(silentFor(STALL_MS - 1, { looks: 4, lookedAt: 99_999 })).toBe('go-on');
    expect(silentFor(STALL_MS)).toBe('source-silent');
  });

  it('ends a capture whose media find no room to wait any more', () => {
    expect(watch(glance({ isOverflowFull: true }))).toBe('overflow-full');
  });
});
