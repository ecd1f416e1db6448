import type { Removal } from '../../shared/config/references.ts';
import type { RuleRemoval } from '../../shared/config/rules.ts';
import type { Problem } from '../../shared/problems/problem.ts';
import { changedMeanwhile, inUse, notFound, preconditionFailed } from '../../shared/problems/problems.ts';

/** Somebody was faster: a caller that named a version learns that it is outdated, another one may just try again. */
export const changed = (id: string, ifMatch: string | undefined): Problem =>
  ifMatch === undefined || ifMatch === '*' ? changedMeanwhile(id) : preconditionFailed();

/**
 * `what` is the kind of the thing in words, such as `template`; `ifMatch` the version that was to be removed.
 * @throws Problem when a removal was refused
 */
export const expectRemoved = (
  what: string,
  id: string,
  removal: Removal | RuleRemoval,
  ifMatch?: string,
): void => {
  switch (removal.type) {
    case 'removed':
      return;
    case 'missing':
      throw notFound(`There is no ${what} ${id}.`);
    case 'in-use':
      throw inUse(id, removal.usedBy);
    case 'changed':
      throw changed(id, ifMatch);
  }
};
