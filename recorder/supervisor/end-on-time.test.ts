import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { at, recordingWith } from '../../shared/recordings/recording.fixture.ts';
import { endOnTime } from './end-on-time.ts';

const recordingUntil = (endsAt: string) => {
  const { plan } = recordingWith(0);
  return { plan: { ...plan, endsAt } };
};

describe('a recording of a task', () => {
  beforeEach(() => void vi.useFakeTimers({ now: Date.parse(at(0)) }));
  afterEach(() => void vi.useRealTimers());

  it('ends at the very end of its task, with that reason', () => {
    const stop = new AbortController();
    endOnTime(recordingUntil(at(90)), stop);
    vi.advanceTimersByTime(89_999);
    expect(stop.signal.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(stop.signal.reason).toMatchObject({ cause: 'limit', code: 'task-ended' });
  });

  it('ends at once when it is claimed too late', () => {
    const stop = new AbortController();
    endOnTime(recordingUntil(at(-5)), stop);
    vi.advanceTimersByTime(0);
    expect(stop.signal.aborted).toBe(true);
  });

  it('has a timer that can be cleared, and one of a rule has none', () => {
    const stop = new AbortController();
    clearTimeout(endOnTime(recordingUntil(at(90)), stop));
    expect(endOnTime(recordingWith(0), stop)).toBeUndefined();
    vi.advanceTimersByTime(100_000);
    expect(stop.signal.aborted).toBe(false);
  });
});
