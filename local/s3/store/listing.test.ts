import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ListQuery, listKeys } from './listing.ts';
import { compareUtf8, SortedKeys } from './sorted-keys.ts';

const sortedKeys = (keys: readonly string[]): SortedKeys => {
  const sorted = new SortedKeys();
  for (const key of new Set(keys)) sorted.add(key);
  return sorted;
};
const key = fc.string({
  unit: fc.constantFrom('a', 'b', '/', 'é', '\uff5e', '🎬'),
  minLength: 1,
  maxLength: 6,
});

describe('compareUtf8', () => {
  it('is the order of the bytes', () => {
    const text = fc.string({ unit: 'binary', maxLength: 8 });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareUtf8(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });
});

describe('SortedKeys', () => {
  it('holds the keys in order, through additions and deletions, few or many at a time', () => {
    const keys = fc.uniqueArray(key, { maxLength: 300, size: 'max' });
    fc.assert(
      fc.property(keys, keys, keys, (first, removed, second) => {
        const expected = new Set(first);
        const sorted = sortedKeys(first);
        for (const name of removed) {
          sorted.delete(name);
          expected.delete(name);
        }
        for (const name of second) {
          if (!expected.has(name)) sorted.add(name);
          expected.add(name);
        }
        expect([...sorted]).toEqual([...expected].sort(compareUtf8));
      }),
    );
  });
});

describe('listKeys', () => {
  const pages = (sorted: SortedKeys, query: ListQuery) => {
    const seen: string[] = [];
    for (let after: string | undefined = query.after; after !== undefined; ) {
      const { keys, prefixes, next } = listKeys(sorted, { ...query, after });
      expect(keys.length + prefixes.length).toBeLessThanOrEqual(query.limit);
      seen.push(...keys, ...prefixes.map((prefix) => `${prefix} rolled up`));
      after = next;
    }
    return seen.sort();
  };

  it('gives every key or its common prefix once, over all pages', () => {
    const prefix = fc.constantFrom('', 'a', 'a/', '🎬');
    const delimiter = fc.constantFrom('', '/', 'é');
    const limit = fc.integer({ min: 1, max: 5 });
    fc.assert(
      fc.property(fc.array(key), prefix, delimiter, limit, (keys, prefix, delimiter, limit) => {
        const expected = keys
          .filter((name) => name.startsWith(prefix))
          .map((name) => {
            const cut = delimiter === '' ? -1 : name.indexOf(delimiter, prefix.length);
            return cut === -1 ? name : `${name.slice(0, cut + delimiter.length)} rolled up`;
          });
        const query = { prefix, delimiter, after: '', limit };
        expect(pages(sortedKeys(keys), query)).toEqual([...new Set(expected)].sort());
      }),
    );
  });
});
