import type { ItemRemoval } from '../../shared/config/named-items.ts';
import type { Removal } from '../../shared/config/references.ts';
import type { RuleRemoval } from '../../shared/config/rules.ts';
import type { Problem } from '../../shared/problems/problem.ts';
import { changedMeanwhile, inUse, notFound, preconditionFailed } from '../../shared/problems/problems.ts';

/** Somebody was faster: a caller that named a version learns that it is outdated, another one may just try again. */
export const changed = (id: string, ifMatch: string | undefined): Problem =>
  ifMatch === undefined || ifMatch === '*' ? changedMeanwhile(id) : preconditionFailed();

/** Of a thing that is not there; `what` is its kind in words, such as `template`. */
export const noSuch = (what: string, id: string): Problem => notFound(`There is no ${what} ${id}.`);

/**
 * What was found.
 * @throws Problem 404 when it is not there
 */
export const expectFound = <Found>(what: string, id: string, found: Found | undefined): Found => {
  if (found === undefined) throw noSuch(what, id);
  return found;
};

/**
 * `what` is the kind of the thing in words, such as `template`; `ifMatch` the version that was to be removed.
 * @throws Problem when a removal was refused
 */
export const expectRemoved = (
  what: string,
  id: string,
  removal: Removal | RuleRemoval | ItemRemoval<unknown>,
  ifMatch?: string,
): void => {
  switch (removal.type) {
    case 'removed':
      return;
    case 'missing':
      throw noSuch(what, id);
    case 'in-use':
      throw inUse(id, removal.usedBy);
    case 'changed':
      throw changed(id, ifMatch);
  }
};
