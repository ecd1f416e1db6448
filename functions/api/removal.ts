import type { Removal } from '../../shared/config/references.ts';
import { changedMeanwhile, inUse, notFound } from '../../shared/problems/problems.ts';

/** @throws Problem when a removal was refused; `what` is its kind in words, such as `template` */
export const expectRemoved = (what: string, id: string, removal: Removal): void => {
  switch (removal.type) {
    case 'removed':
      return;
    case 'missing':
      throw notFound(`There is no ${what} ${id}.`);
    case 'in-use':
      throw inUse(id, removal.usedBy);
    case 'changed':
      throw changedMeanwhile(id);
  }
};
