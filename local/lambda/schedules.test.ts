import { describe, expect, it } from 'vitest';
import { rateMs } from './schedules.ts';

describe('A schedule', () => {
  it.each([
    ['rate(1 minute)', 60_000],
    ['rate(5 minutes)', 300_000],
    ['rate(2 hours)', 7_200_000],
    ['rate(1 day)', 86_400_000],
  ])('%s is %i ms', (expression, expected) => {
    expect(rateMs(expression)).toBe(expected);
  });

  it.each(['cron(0 12 * * ? *)', 'rate(0.5 minutes)', 'at(2030-01-01T00:00:00)'])(
    '%s is refused',
    (expression) => {
      expect(() => rateMs(expression)).toThrow(`Schedule ${expression} cannot be played locally`);
    },
  );
});
