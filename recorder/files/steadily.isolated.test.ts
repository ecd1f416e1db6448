import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { steadily } from './steadily.ts';

const AWAY = new Error('the table is away');

// The pauses come from node:timers/promises, which fake timers do not reach.
vi.mock('node:timers/promises', () => ({
  setTimeout: (ms: number, value: unknown, { signal }: { signal: AbortSignal }) =>
    new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
      setTimeout(() => resolve(value), ms);
    }),
}));

const begin = (operation: () => Promise<string>, signal = new AbortController().signal) => {
  const onRetry = vi.fn();
  return { onRetry, result: steadily(operation, { signal, onRetry }) };
};

describe('An operation on a table that is away', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is tried again until it is answered', async () => {
    const operation = vi.fn<() => Promise<string>>();
    operation.mockRejectedValueOnce(AWAY).mockRejectedValueOnce(AWAY).mockResolvedValue('done');
    const { result, onRetry } = begin(operation);
    await vi.advanceTimersByTimeAsync(200 + 400);
    expect(await result).toBe('done');
    expect(onRetry).toHaveBeenCalledTimes(2);
  });

  it('is given up after minutes, with the last error', async () => {
    const operation = vi.fn(async () => {
      throw AWAY;
    });
    const outcome = expect(begin(operation).result).rejects.toBe(AWAY);
    await vi.advanceTimersByTimeAsync(300_000);
    await outcome;
    expect(operation.mock.calls.length).toBeGreaterThan(50);
  });

  it('is given up at once when it is aborted, in a pause or before', async () => {
    const stop = new AbortController();
    const operation = vi.fn(async () => {
      throw AWAY;
    });
    const outcome = expect(begin(operation, stop.signal).result).rejects.toBe(AWAY);
    await vi.advanceTimersByTimeAsync(0);
    stop.abort();
    await outcome;
    await expect(begin(operation, stop.signal).result).rejects.toBe(AWAY);
  });
});
