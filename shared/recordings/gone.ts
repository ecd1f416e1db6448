import type { Recording } from '../schemas/recording.ts';

/** Whether it is being deleted, or its objects have been: nothing is made of it any more. */
export const isGone = ({ deletion, expiredAt }: Pick<Recording, 'deletion' | 'expiredAt'>): boolean =>
  deletion !== undefined || expiredAt !== undefined;
