import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mostAtOnce, type Span } from './spans.ts';

const at = (minute: number): string => new Date(Date.UTC(2026, 10, 22, 10, minute)).toISOString();
const span = (from: number, until: number): Span => ({ startTime: at(from), endTime: at(until) });

describe('how many tasks there are at once', () => {
  it('counts those that overlap at one moment, not all that touch the span', () => {
    expect(mostAtOnce([], span(0, 10))).toBe(0);
    expect(mostAtOnce([span(0, 3), span(3, 6), span(6, 10)], span(0, 10))).toBe(1);
    expect(mostAtOnce([span(0, 4), span(3, 6), span(9, 12)], span(0, 10))).toBe(2);
    expect(mostAtOnce([span(-5, 20), span(-4, 1), span(-3, 0)], span(0, 10))).toBe(2);
  });

  it('takes the end of a task for the moment after it', () => {
    expect(mostAtOnce([span(0, 10)], span(10, 20))).toBe(0);
    expect(mostAtOnce([span(10, 20)], span(0, 10))).toBe(0);
  });

  it('is what counting every minute gives', () => {
    const anySpan = fc
      .tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 1, max: 30 }))
      .map(([from, length]): [number, number] => [from, from + length]);
    fc.assert(
      fc.property(fc.array(anySpan, { maxLength: 12 }), anySpan, (others, [from, until]) => {
        const counts = Array.from(
          { length: until - from },
          (_, index) => others.filter(([one, other]) => one <= from + index && other > from + index).length,
        );
        const spans = others.map(([one, other]) => span(one, other));
        expect(mostAtOnce(spans, span(from, until))).toBe(Math.max(...counts));
      }),
    );
  });
});
