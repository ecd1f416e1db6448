/**
 * Order of two strings by their UTF-8 bytes, as S3 lists keys. JavaScript compares UTF-16 units, which puts
 * surrogates (code points from U+10000) before U+E000..U+FFFF; here they come after.
 */
export function compareUtf8(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

const rank = (unit: number): number => (unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800);

/** More new keys than this are sorted in together, fewer are put in their places one by one. */
const FEW = 64;

/** The keys of a bucket in UTF-8 order. */
export class SortedKeys {
  #keys: string[] = [];
  // Put in order when someone looks: a journal of 100,000 keys in any order is then sorted once.
  #added: string[] = [];

  [Symbol.iterator](): Iterator<string> {
    return this.#sorted().values();
  }

  at(index: number): string | undefined {
    return this.#sorted()[index];
  }

  /** Adds a key that is not there. */
  add(key: string): void {
    this.#added.push(key);
  }

  delete(key: string): void {
    const index = this.seek((other) => compareUtf8(other, key) < 0);
    if (this.#keys[index] === key) this.#keys.splice(index, 1);
  }

  /** Index of the first key that is not `before`; `before` must hold for a prefix of the order. */
  seek(before: (key: string) => boolean, from = 0): number {
    return search(this.#sorted(), before, from);
  }

  #sorted(): readonly string[] {
    const added = this.#added;
    if (added.length === 0) return this.#keys;
    this.#added = [];
    if (added.length > FEW) this.#keys = this.#keys.concat(added).sort(compareUtf8);
    else for (const key of added) this.#insert(key);
    return this.#keys;
  }

  #insert(key: string): void {
    const index = search(this.#keys, (other) => compareUtf8(other, key) < 0, 0);
    this.#keys.splice(index, 0, key);
  }
}

function search(keys: readonly string[], before: (key: string) => boolean, from: number): number {
  let low = from;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (before(keys[middle] as string)) low = middle + 1;
    else high = middle;
  }
  return low;
}
