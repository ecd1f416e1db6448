import { describe, expect, it } from 'vitest';
import { parseCount, parseList, parseYesNo } from './choices.ts';
import { formatDuration, parseDuration, parseWhole } from './duration.ts';
import { formatBitrate, formatBytes, formatTime } from './format.ts';
import { parseTime } from './time.ts';

describe('A duration', () => {
  it.each([
    ['90s', 90],
    ['10m', 600],
    ['2h', 7200],
    ['1h30m', 5400],
    ['1.5h', 5400],
    ['7d', 604_800],
  ])('%s is %i seconds', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  it.each(['', '10', 'm', '10 m', '-5s', '10min', '1h 30m', '٣s'])('%j is none', (text) => {
    expect(() => parseDuration(text)).toThrow('90s, 10m');
  });

  it('is taken in the whole units of a field only', () => {
    expect(parseWhole('1h', 60, 'minutes')).toBe(60);
    expect(() => parseWhole('90s', 60, 'minutes')).toThrow('whole number of minutes');
  });

  it.each([
    [0, '0:00'],
    [59.6, '1:00'],
    [61, '1:01'],
    [3600, '1:00:00'],
    [-1, '0:00'],
  ])('of %d s is written %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });
});

describe('A time', () => {
  const now = new Date('2026-11-22T12:00:00Z');

  it.each([
    ['2026-11-22T10:00:00Z', '2026-11-22T10:00:00.000Z'],
    ['2026-11-22T10:00+02:00', '2026-11-22T08:00:00.000Z'],
    ['2026-11-22 10:00:00.5Z', '2026-11-22T10:00:00.500Z'],
    ['+10m', '2026-11-22T12:10:00.000Z'],
    ['-1h30m', '2026-11-22T10:30:00.000Z'],
    ['now', '2026-11-22T12:00:00.000Z'],
  ])('%s is %s', (text, time) => {
    expect(parseTime(text, now)).toBe(time);
  });

  it.each(['tomorrow', '2026-11-22', '2026-11-22T10:00:00', '2026-13-22T10:00:00Z', '10m', '+10'])(
    '%s is none',
    (text) => {
      expect(() => parseTime(text, now)).toThrow('is no time');
    },
  );
});

describe('Choices', () => {
  it('are lists without repetitions, of what is allowed', () => {
    expect(parseList('mp4, hls,mp4', ['mp4', 'hls'])).toEqual(['mp4', 'hls']);
    expect(() => parseList('mp4,avi', ['mp4', 'hls'])).toThrow("'avi' is none of mp4, hls");
    expect(() => parseList(',')).toThrow('must name something');
  });

  it('are yes or no, and whole numbers', () => {
    expect([parseYesNo('yes'), parseYesNo('false')]).toEqual([true, false]);
    expect(() => parseYesNo('maybe')).toThrow('yes or no');
    expect(parseCount('30')).toBe(30);
    expect(() => parseCount('3.5')).toThrow('whole number');
  });
});

describe('Figures', () => {
  it('are written for people', () => {
    expect([0, 999, 1500, 14_300_000, 5e11, 1e16].map(formatBytes)).toEqual([
      ...['0 B', '999 B', '1.5 kB', '14.3 MB', '500 GB', '10000 TB'],
    ]);
    expect(formatBitrate(2_449_000)).toBe('2.4 Mb/s');
    expect(formatTime('2026-11-22T10:00:00.123Z')).toBe('2026-11-22 10:00:00Z');
    expect(formatTime(null)).toBe('');
  });
});
