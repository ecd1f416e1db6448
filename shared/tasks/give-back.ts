import { templateKey } from '../config/keys.ts';
import type { References } from '../config/references.ts';
import type { PendingTasks } from '../table/pending-tasks.ts';
import type { StoredTask } from '../table/tasks.ts';

export interface GiveBackPorts {
  readonly references: Pick<References, 'release'>;
  readonly pending: Pick<PendingTasks, 'release'>;
}

/**
 * Gives back what a task held until it was settled: its template, and its place among the pending ones. Comes after the
 * task has been written as settled; what a crash leaves undone is found to be void by whoever stumbles over it. Safe to
 * repeat. Two writes at most.
 */
export const giveBack = async (
  { references, pending }: GiveBackPorts,
  { taskId, templateId, templateUse, domain, app, stream }: StoredTask,
): Promise<void> => {
  if (templateId !== undefined && templateUse !== undefined) {
    await references.release(templateKey(templateId), { userId: taskId, useId: templateUse });
  }
  await pending.release({ domain, app, stream }, taskId);
};
