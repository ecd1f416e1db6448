import { describe, expect, it } from 'vitest';
import { applyFlags, parts, span, text } from './flags.ts';
import { getAt, merge, withAt } from './paths.ts';

const NOW = new Date('2026-11-22T12:00:00Z');

describe('A body', () => {
  it('takes a change in: objects merge, null takes away, lists replace', () => {
    const before = { name: 'a', formats: { mp4: { maxMinutes: 5 }, hls: {} }, events: ['x'] };
    const change = { formats: { mp4: { maxMinutes: 6 }, hls: null, flv: {} }, events: ['y', 'z'] };
    expect(merge(before, change)).toEqual({
      name: 'a',
      formats: { mp4: { maxMinutes: 6 }, flv: {} },
      events: ['y', 'z'],
    });
    expect(before.formats.mp4.maxMinutes).toBe(5);
  });

  it('is read and written by paths, never beyond its own fields', () => {
    expect(withAt({}, ['a', 'b'], 1)).toEqual({ a: { b: 1 } });
    expect(withAt({ a: { b: 1, c: 2 } }, ['a', 'b'], undefined)).toEqual({ a: { c: 2 } });
    expect(getAt({ a: { b: 1 } }, ['a', 'b'])).toBe(1);
    expect(getAt({}, ['constructor', 'name'])).toBeUndefined();
    const list = { a: [{ b: 1 }, { b: 2, c: 3 }] };
    expect(getAt(list, ['a', '1', 'b'])).toBe(2);
    expect(getAt(list, ['a', 'length'])).toBeUndefined();
    expect(withAt(list, ['a', '1', 'b'], 4)).toEqual({ a: [{ b: 1 }, { b: 4, c: 3 }] });
  });
});

describe('Flags', () => {
  const flags = [
    text('--name <name>', 'name', ''),
    parts('--format <formats>', 'formats', '', ['mp4', 'hls']),
    span('--mp4-max <duration>', 'formats.mp4.maxMinutes', '', 'minutes'),
  ];

  it('set fields, and keep what is said of a format already', () => {
    const before = { formats: { mp4: { maxMinutes: 5 }, flv: {} } };
    expect(applyFlags(before, flags, { name: 'a', format: 'hls,mp4' }, NOW)).toEqual({
      name: 'a',
      formats: { hls: {}, mp4: { maxMinutes: 5 } },
    });
    expect(applyFlags({}, flags, { format: 'mp4', mp4Max: '2h' }, NOW)).toEqual({
      formats: { mp4: { maxMinutes: 120 } },
    });
  });

  it('are named when they are wrong', () => {
    expect(() => applyFlags({}, flags, { mp4Max: '90s' }, NOW)).toThrow('--mp4-max: ');
  });
});
