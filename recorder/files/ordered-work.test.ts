import { describe, expect, it, vi } from 'vitest';
import { OrderedWork } from './ordered-work.ts';

describe('Ordered work', () => {
  it('runs one operation after the other, however long each takes', async () => {
    const work = new OrderedWork();
    const seen: string[] = [];
    const first = Promise.withResolvers<void>();
    work.add(async () => {
      await first.promise;
      seen.push('first');
    });
    work.add(async () => void seen.push('second'));
    first.resolve();
    expect(await work.done()).toBeUndefined();
    expect(seen).toEqual(['first', 'second']);
  });

  it('runs nothing after a failure, and tells the first one', async () => {
    const onFailure = vi.fn();
    const work = new OrderedWork(onFailure);
    const later = vi.fn(async () => undefined);
    work.add(() => Promise.reject(new Error('storage')));
    work.add(later);
    expect(await work.done()).toEqual({ error: new Error('storage') });
    work.fail(new Error('another'));
    expect(await work.done()).toEqual({ error: new Error('storage') });
    expect(later).not.toHaveBeenCalled();
    expect(onFailure).toHaveBeenCalled();
  });
});
