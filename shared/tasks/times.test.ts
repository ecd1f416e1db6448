import { describe, expect, it } from 'vitest';
import { timesOf } from './times.ts';

const NOW = new Date('2026-11-22T10:00:00.000Z');
const HOUR = 3600;
const at = (seconds: number): string => new Date(NOW.getTime() + seconds * 1000).toISOString();

const fieldsOf = (startTime: string | undefined, endTime: string): string[] => {
  const times = timesOf({ startTime, endTime }, NOW);
  return times.type === 'right' ? [] : times.errors.map(({ field }) => field);
};

describe('the times of a task', () => {
  it('begin now when nothing else is said, or a moment ago', () => {
    const right = { type: 'right', span: { startTime: at(0), endTime: at(60) } };
    expect(timesOf({ startTime: undefined, endTime: at(60) }, NOW)).toEqual(right);
    expect(timesOf({ startTime: at(-5), endTime: at(60) }, NOW)).toEqual(right);
    expect(timesOf({ startTime: at(10), endTime: at(60) }, NOW)).toEqual({
      ...right,
      span: { startTime: at(10), endTime: at(60) },
    });
  });

  it.each<[string, string | undefined, string, string[]]>([
    ['a start in the past', at(-6), at(60), ['startTime']],
    ['an end in the past', undefined, at(-1), ['endTime']],
    ['an end that is now', undefined, at(0), ['endTime']],
    ['a start and an end in the past', at(-60), at(-30), ['startTime', 'endTime']],
    ['an end before the start', at(60), at(59), ['endTime']],
    ['no time between', at(60), at(60), ['endTime']],
    ['more than 24 hours', at(60), at(60 + 24 * HOUR + 1), ['endTime']],
    ['an end more than 7 days ahead', at(7 * 24 * HOUR - 60), at(7 * 24 * HOUR + 1), ['endTime']],
  ])('must not have %s', (_, start, end, fields) => {
    expect(fieldsOf(start, end)).toEqual(fields);
  });

  it('may be 24 hours long, and end 7 days ahead', () => {
    expect(fieldsOf(undefined, at(24 * HOUR))).toEqual([]);
    expect(fieldsOf(at(6 * 24 * HOUR), at(7 * 24 * HOUR))).toEqual([]);
  });
});
