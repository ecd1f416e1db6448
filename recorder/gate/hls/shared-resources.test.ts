import { describe, expect, it } from 'vitest';
import { createSharedResources } from './shared-resources.ts';

const key = (number: number) => ({ url: new URL(`https://cdn.example.com/${number}.key`) });

describe('What segments share', () => {
  it('has one name for as long as it is used, and is forgotten when it is not', () => {
    const shared = createSharedResources(3);
    const names = Array.from({ length: 10 }, (_, number) => [
      shared.nameOf(key(0), 'key'),
      shared.nameOf(key(number), 'key'),
    ]);
    expect(new Set(names.map(([first]) => first))).toEqual(new Set(['shared-0.key']));
    expect(shared.find(0)).toEqual(key(0));
    expect(shared.find(9)).toEqual(key(9));
    expect(shared.find(1)).toBeUndefined();
    expect(shared.find(Number.NaN)).toBeUndefined();
  });

  it('is told apart by its range', () => {
    const shared = createSharedResources(3);
    const part = { ...key(1), range: { start: 0, length: 10 } };
    expect(shared.nameOf(part, 'mp4')).not.toBe(shared.nameOf(key(1), 'mp4'));
    expect(shared.find(0)).toEqual(part);
  });
});
