import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_TRIES, nextStep, type Outcome, RETRY_WAITS } from './retry.ts';

const NOW = new Date('2026-11-22T10:00:00.000Z');
const answered = (status: number, retryAfter?: string): Outcome => ({
  type: 'answered',
  status,
  retryAfter,
  answer: '',
});
const unanswered: Outcome = { type: 'unanswered', error: 'The connection was refused.' };

const outcomes: fc.Arbitrary<Outcome> = fc.oneof(
  fc.constant(unanswered),
  fc
    .tuple(
      fc.integer({ min: 100, max: 599 }),
      fc.oneof(fc.constant(undefined), fc.string(), fc.nat(1e6).map(String)),
    )
    .map(([status, retryAfter]) => answered(status, retryAfter)),
);
const randoms = fc.double({ min: 0, max: 1, noNaN: true });

describe('what follows an attempt', () => {
  it('is nothing more after any 2xx, and nothing more after 410', () => {
    for (const status of [200, 202, 204, 299]) {
      expect(nextStep(answered(status), 1, NOW, 0)).toEqual({ type: 'delivered' });
    }
    expect(nextStep(answered(410), 1, NOW, 0)).toMatchObject({ type: 'failed' });
  });

  it.each([199, 300, 301, 302, 307, 400, 401, 404, 429, 500, 503])('is another try after %i', (status) => {
    expect(nextStep(answered(status), 1, NOW, 0.5)).toEqual({ type: 'retry', afterSeconds: 5 });
  });

  it('is at least twelve tries with growing waits, and then failure', () => {
    expect(MOST_TRIES).toBeGreaterThanOrEqual(12);
    const waits = Array.from({ length: MOST_TRIES - 1 }, (_, index) =>
      nextStep(unanswered, index + 1, NOW, 0.5),
    );
    expect(waits).toEqual(RETRY_WAITS.map((afterSeconds) => ({ type: 'retry', afterSeconds })));
    expect([...RETRY_WAITS].sort((one, other) => one - other)).toEqual(RETRY_WAITS);
    expect(nextStep(unanswered, MOST_TRIES, NOW, 0.5)).toEqual({
      type: 'failed',
      failure: '14 tries have failed.',
    });
  });

  it.each([
    ['120', 120],
    [' 120 ', 120],
    ['Sun, 22 Nov 2026 10:02:00 GMT', 120],
    ['3', 5],
    ['0', 5],
    ['-7', 5],
    ['soon', 5],
    ['', 5],
    ['Sun, 22 Nov 2020 10:02:00 GMT', 5],
    ['999999999', 28_800],
  ])('waits as long as Retry-After %j asks, within bounds', (header, afterSeconds) => {
    expect(nextStep(answered(503, header), 1, NOW, 0.5)).toEqual({ type: 'retry', afterSeconds });
  });

  it('ends for every row of outcomes, and never waits for less than 4.5 s or for more than 8.8 h', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(outcomes, randoms), { minLength: 20, maxLength: 20 }), (row) => {
        const steps = row.map(([outcome, random], index) => nextStep(outcome, index + 1, NOW, random));
        const end = steps.findIndex(({ type }) => type !== 'retry');
        expect(end).toBeGreaterThanOrEqual(0);
        expect(end).toBeLessThan(MOST_TRIES);
        for (const step of steps.slice(0, end)) {
          if (step.type !== 'retry') throw new Error('unreachable');
          expect(step.afterSeconds).toBeGreaterThanOrEqual(4.5);
          expect(step.afterSeconds).toBeLessThanOrEqual(8.8 * 3600);
        }
      }),
    );
  });

  it('succeeds exactly with 2xx, whatever else is said', () => {
    fc.assert(
      fc.property(outcomes, fc.integer({ min: 1, max: 40 }), randoms, (outcome, tries, random) => {
        const isSuccess = outcome.type === 'answered' && Math.floor(outcome.status / 100) === 2;
        expect(nextStep(outcome, tries, NOW, random).type === 'delivered').toBe(isSuccess);
      }),
    );
  });
});
