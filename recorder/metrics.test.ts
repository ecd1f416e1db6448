import { describe, expect, it } from 'vitest';
import { freeOf } from './metrics.ts';

describe('The free slots of a recorder', () => {
  it('are those that nothing runs in, and none as long as they are too few for what waits', () => {
    expect(freeOf({ all: 20, busy: 5, hasRefused: false })).toBe(15);
    expect(freeOf({ all: 20, busy: 25, hasRefused: false })).toBe(0);
    expect(freeOf({ all: 20, busy: 5, hasRefused: true })).toBe(0);
  });
});
