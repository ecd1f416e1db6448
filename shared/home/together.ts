/** Works on several at once; when one fails, no other is begun, and those under way are waited for. */
export const together = async <Item>(
  concurrency: number,
  items: Iterable<Item>,
  work: (item: Item) => Promise<void>,
): Promise<void> => {
  const waiting = items[Symbol.iterator]();
  let hasFailed = false;
  const take = async (): Promise<void> => {
    for (let next = waiting.next(); !hasFailed && next.done !== true; next = waiting.next()) {
      await work(next.value).catch((error: unknown) => {
        hasFailed = true;
        throw error;
      });
    }
  };
  const results = await Promise.allSettled(Array.from({ length: concurrency }, take));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
};
