/** Things done at once: enough to get through a minute's work, few enough not to be throttled. */
const CONCURRENCY = 16;

/** Runs `work` on every item, whatever fails. @returns what failed */
export const forEach = async <Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<unknown>,
  concurrency = CONCURRENCY,
): Promise<unknown[]> => {
  const failures: unknown[] = [];
  const waiting = items.values();
  const take = async (): Promise<void> => {
    for (const item of waiting) await work(item).catch((error: unknown) => failures.push(error));
  };
  await Promise.all(Array.from({ length: concurrency }, take));
  return failures;
};
