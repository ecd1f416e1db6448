import { StorageError } from './object-store.ts';

/** Between tries to renew what still works. */
const RETRY_MS = 15_000;
/** What expires sooner counts as expired. */
const MARGIN_MS = 30_000;

/**
 * Remembers what was fetched, and fetches it again when it is older than `afterMs`. When that fails for the moment,
 * what was fetched before is given out for as long as it works. Callers at the same time share one fetch.
 */
export const createRenewed = <Value extends { readonly expiration?: Date }>(
  fetch: () => Promise<Value>,
  { afterMs, now }: { readonly afterMs: number; readonly now: () => number },
): (() => Promise<Value>) => {
  let held: { readonly value: Value; renewAt: number } | undefined;
  let fetching: Promise<Value> | undefined;

  const renew = async (): Promise<Value> => {
    const value = await fetch();
    held = { value, renewAt: now() + afterMs };
    return value;
  };
  const stillWorks = ({ expiration }: Value): boolean =>
    expiration === undefined || expiration.getTime() - MARGIN_MS > now();

  return async () => {
    if (held !== undefined && now() < held.renewAt && stillWorks(held.value)) return held.value;
    fetching ??= renew().finally(() => {
      fetching = undefined;
    });
    try {
      return await fetching;
    } catch (error) {
      const mayPass = error instanceof StorageError && error.kind === 'unavailable';
      if (!mayPass || held === undefined || !stillWorks(held.value)) throw error;
      held.renewAt = now() + RETRY_MS;
      return held.value;
    }
  };
};
