/** Numbers that look random and are the same each time for the same seed. */
export interface Random {
  /** At least 0, below 1. */
  next(): number;
  /** At least `least`, below `most`. */
  between(least: number, most: number): number;
  /** @throws when there is none */
  pick<Item>(items: readonly Item[]): Item;
}

/** Mulberry32. */
export const createRandom = (seed: number): Random => {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    between: (least, most) => least + next() * (most - least),
    pick: <Item>(items: readonly Item[]): Item => {
      if (items.length === 0) throw new Error('There is nothing to choose from');
      return items[Math.floor(next() * items.length)] as Item;
    },
  };
};
