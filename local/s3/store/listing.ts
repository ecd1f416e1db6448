import { compareUtf8, type SortedKeys } from './sorted-keys.ts';

export type ListQuery = {
  readonly prefix: string;
  readonly delimiter: string;
  /** Only what comes after this key or common prefix is listed. */
  readonly after: string;
  readonly limit: number;
};

export type Listing = {
  readonly keys: readonly string[];
  readonly prefixes: readonly string[];
  /** The last key or common prefix of a truncated listing: the `after` of the next page. */
  readonly next: string | undefined;
};

/** One page of keys; those that share a prefix up to the delimiter are rolled up and skipped in one step. */
export function listKeys(sorted: SortedKeys, { prefix, delimiter, after, limit }: ListQuery): Listing {
  const keys: string[] = [];
  const prefixes: string[] = [];
  let last: string | undefined;
  const afterPrefix = delimiter !== '' && after.endsWith(delimiter) && after.startsWith(prefix);
  let index = sorted.seek(
    (key) =>
      compareUtf8(key, prefix) < 0 || compareUtf8(key, after) <= 0 || (afterPrefix && key.startsWith(after)),
  );
  for (;;) {
    const key = sorted.at(index);
    if (key === undefined || !key.startsWith(prefix)) return { keys, prefixes, next: undefined };
    if (keys.length + prefixes.length >= limit) return { keys, prefixes, next: last };
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    if (cut === -1) {
      keys.push(key);
      last = key;
      index += 1;
    } else {
      const common = key.slice(0, cut + delimiter.length);
      prefixes.push(common);
      last = common;
      index = sorted.seek((other) => other.startsWith(common), index);
    }
  }
}
