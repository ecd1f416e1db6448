import { describe, expect, it } from 'vitest';
import { createStopper } from './stopper.ts';

describe('A stop', () => {
  it('goes backwards, once, and on after a failure', async () => {
    const stopper = createStopper();
    const done: string[] = [];
    stopper.add(async () => void done.push('first'));
    stopper.add(async () => {
      done.push('second');
      throw new Error('stuck');
    });
    stopper.add(async () => void done.push('third'));
    await expect(stopper.stop()).rejects.toThrow('Not everything could be stopped');
    await expect(stopper.stop()).rejects.toThrow();
    expect(done).toEqual(['third', 'second', 'first']);
  });

  it('takes the steps that are added while it runs', async () => {
    const stopper = createStopper();
    const done: string[] = [];
    stopper.add(async () => {
      stopper.add(async () => void done.push('late'));
    });
    await stopper.stop();
    expect(done).toEqual(['late']);
  });
});
