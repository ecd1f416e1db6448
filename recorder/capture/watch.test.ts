import { describe, expect, it } from 'vitest';
import { type Glance, STALL_MS, watch } from './watch.ts';

const glance = (more: Partial<Glance> = {}): Glance => ({
  now: 100_000,
  lastByteAt: 99_900,
  isOverflowFull: false,
  lookedAt: 0,
  looks: 0,
  reports: 20,
  reportAt: 99_700,
  unanswered: 1,
  seesSource: true,
  ...more,
});
const silentFor = (ms: number, more: Partial<Glance> = {}) =>
  watch(glance({ lastByteAt: 100_000 - ms, ...more }));

describe('The watch over a capture', () => {
  it('lets it go on while bytes come', () => {
    expect(watch(glance())).toBe('go-on');
    expect(silentFor(849)).toBe('go-on');
  });

  it('has the session looked up after 0.85 s of silence, and then less and less often', () => {
    expect(silentFor(850)).toBe('look-up-session');
    const looksAfter = (pause: number, looks: number) =>
      silentFor(9000, { looks, lookedAt: 100_000 - pause });
    expect([looksAfter(849, 1), looksAfter(850, 1)]).toEqual(['go-on', 'look-up-session']);
    expect([looksAfter(1699, 2), looksAfter(1700, 2)]).toEqual(['go-on', 'look-up-session']);
    expect([looksAfter(3999, 9), looksAfter(4000, 9)]).toEqual(['go-on', 'look-up-session']);
  });

  it('ends a silence that is too long', () => {
    expect(silentFor(STALL_MS - 1, { looks: 4, lookedAt: 99_999 })).toBe('go-on');
    expect(silentFor(STALL_MS)).toBe('source-silent');
  });

  it('notices after 5 s that ffmpeg takes nothing of what comes', () => {
    const unreportedFor = (ms: number, more: Partial<Glance> = {}) =>
      watch(glance({ reportAt: 100_000 - ms, unanswered: ms / 100, ...more }));
    expect(unreportedFor(4999)).toBe('go-on');
    expect(unreportedFor(5000)).toBe('ffmpeg-hangs');
    // Before it writes, it finds out what the stream carries.
    expect(unreportedFor(8999, { reports: 0 })).toBe('go-on');
    expect(unreportedFor(9000, { reports: 0 })).toBe('ffmpeg-hangs');
    // A source that pauses and comes back has given it nothing to report of meanwhile.
    expect(unreportedFor(9000, { unanswered: 9 })).toBe('go-on');
    // When only ffmpeg sees the source, its own time-out comes first.
    expect(unreportedFor(11_999, { seesSource: false })).toBe('go-on');
    expect(unreportedFor(12_000, { seesSource: false })).toBe('ffmpeg-hangs');
  });

  it('ends a capture whose media find no room to wait any more', () => {
    expect(watch(glance({ isOverflowFull: true }))).toBe('overflow-full');
  });
});
