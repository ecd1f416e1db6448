import type { NameOf } from './local-playlist.ts';
import type { Resource } from './playlist.ts';

export interface SharedResources {
  readonly nameOf: NameOf;
  /** By the number in its name. */
  find(number: number): Resource | undefined;
}

/**
 * What segments share, by names of our own. A source that has a new key for each segment names thousands a day, so
 * those that were not named for longest are forgotten.
 * @param most more than there are on one list of segments
 */
export const createSharedResources = (most: number): SharedResources => {
  const known = new Map<string, { readonly number: number; readonly resource: Resource }>();
  let count = 0;
  return {
    nameOf: (resource, extension) => {
      const id = JSON.stringify([resource.url.href, resource.range]);
      const found = known.get(id) ?? { number: count++, resource };
      // Those that were named lately come last.
      known.delete(id);
      known.set(id, found);
      const [oldest] = known.keys();
      if (known.size > most && oldest !== undefined) known.delete(oldest);
      return `shared-${found.number}.${extension}`;
    },
    find: (number) => [...known.values()].find((shared) => shared.number === number)?.resource,
  };
};
