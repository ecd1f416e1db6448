import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { storageFault } from '../../shared/storage/memory-object-store.ts';
import type { StorageErrorKind } from '../../shared/storage/object-store.ts';
import { persistently } from './retry.ts';

const failsWith = (kind: StorageErrorKind) => storageFault(kind, 'PutObject');

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
  return { onRetry, result: persistently(operation, { patienceMs: 60_000, signal, onRetry }) };
};

describe('A persistent storage operation', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it.each<StorageErrorKind>(['unavailable', 'denied', 'missing'])('tries again after %s', async (kind) => {
    const operation = vi.fn<() => Promise<string>>();
    operation
      .mockRejectedValueOnce(failsWith(kind))
      .mockRejectedValueOnce(failsWith(kind))
      .mockResolvedValue('done');
    const { result, onRetry } = begin(operation);
    await vi.advanceTimersByTimeAsync(200 + 400);
    expect(await result).toBe('done');
    expect(onRetry).toHaveBeenCalledTimes(2);
  });

  it('gives up when its patience is over, with the last error', async () => {
    const operation = vi.fn(async () => {
      throw failsWith('unavailable');
    });
    const { result } = begin(operation);
    const outcome = expect(result).rejects.toMatchObject({ kind: 'unavailable' });
    await vi.advanceTimersByTimeAsync(60_000);
    await outcome;
    expect(operation.mock.calls.length).toBeGreaterThan(10);
  });

  it.each([failsWith('conflict'), new TypeError('a bug')])(
    'throws at once what trying again cannot help: %s',
    async (error) => {
      const operation = vi.fn(async () => {
        throw error;
      });
      await expect(begin(operation).result).rejects.toBe(error);
      expect(operation).toHaveBeenCalledTimes(1);
    },
  );

  it('stops at once when it is aborted in a pause, and does not begin a pause when it is aborted', async () => {
    const stop = new AbortController();
    const operation = vi.fn(async () => {
      throw failsWith('unavailable');
    });
    const { result } = begin(operation, stop.signal);
    const outcome = expect(result).rejects.toThrow();
    await vi.advanceTimersByTimeAsync(0);
    stop.abort();
    await outcome;
    await expect(begin(operation, stop.signal).result).rejects.toMatchObject({ kind: 'unavailable' });
    expect(operation).toHaveBeenCalledTimes(2);
  });
});
