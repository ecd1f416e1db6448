import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { at, recordingWith } from '../../shared/recordings/recording.fixture.ts';
import type { Plan } from '../../shared/schemas/recording.ts';
import { endOnTime } from './end-on-time.ts';

const DAY_SECONDS = 86_400;

const start = (limits: Partial<Plan>) => {
  const stop = new AbortController();
  const recording = recordingWith(0);
  const forget = endOnTime({ ...recording, plan: { ...recording.plan, ...limits } }, stop);
  return { signal: stop.signal, forget };
};

describe('A recording', () => {
  beforeEach(() => void vi.useFakeTimers({ now: Date.parse(at(0)) }));
  afterEach(() => void vi.useRealTimers());

  it.each<[string, Partial<Plan>, string]>([
    ['at the end of its task', { endsAt: at(90) }, 'task-ended'],
    ['at the longest its template allows', { maxDurationSeconds: 90 }, 'max-duration'],
    ['at the end of its task, which comes first', { endsAt: at(90), maxDurationSeconds: 91 }, 'task-ended'],
    ['at the longest, which comes first', { endsAt: at(91), maxDurationSeconds: 90 }, 'max-duration'],
  ])('ends to the millisecond %s, with that reason', (_, limits, code) => {
    const { signal } = start(limits);
    vi.advanceTimersByTime(89_999);
    expect(signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(signal.reason).toMatchObject({ cause: 'limit', code });
  });

  it.each<[string, Partial<Plan>]>([
    ['its task is over', { endsAt: at(-5) }],
    ['it has lasted long enough', { maxDurationSeconds: 0 }],
  ])('ends at once when it is claimed after %s', (_, limits) => {
    expect(start(limits).signal.aborted).toBe(true);
  });

  it('goes on to a limit that is further away than a timer reaches', () => {
    const { signal } = start({ maxDurationSeconds: 365 * DAY_SECONDS });
    vi.advanceTimersByTime(365 * DAY_SECONDS * 1000 - 1);
    expect(signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(signal.reason).toMatchObject({ code: 'max-duration' });
  });

  it('goes on without a limit, or when it is forgotten', () => {
    const [unlimited, forgotten] = [start({}), start({ endsAt: at(90) })];
    forgotten.forget();
    vi.advanceTimersByTime(100_000);
    expect(unlimited.signal.aborted || forgotten.signal.aborted).toBe(false);
  });
});
