import type { Sources } from '../config/items.ts';
import { templateKey } from '../config/keys.ts';
import type { References } from '../config/references.ts';
import type { FieldError } from '../problems/problem.ts';
import type { Task, TaskInput } from '../schemas/task.ts';
import type { Claim, PendingTasks } from '../table/pending-tasks.ts';
import type { StoredTask, Tasks } from '../table/tasks.ts';
import { giveBack } from './give-back.ts';
import { deleted, isIdle, stopped } from './machine.ts';
import type { TaskTimers } from './timers.ts';
import { timesOf } from './times.ts';

export interface ManageTaskPorts extends Sources {
  readonly tasks: Tasks;
  readonly pending: PendingTasks;
  readonly references: Pick<References, 'add' | 'release'>;
  readonly taskTimers: TaskTimers;
  hasDomain(domain: string): Promise<boolean>;
  /** Whether there is a storage for tasks without a template. */
  hasDefaultStorage(): Promise<boolean>;
}

export type TaskCreation =
  | { type: 'created'; task: Task }
  | { type: 'wrong-times'; errors: FieldError[] }
  | { type: 'domain-missing' }
  | { type: 'template-missing' }
  | { type: 'no-default-storage' }
  | { type: Exclude<Claim, 'claimed'> };

// Each retry means that the stream's events changed the task meanwhile.
const MOST_TRIES = 20;

/** What users do with tasks. */
export const createTaskManager = (ports: ManageTaskPorts) => {
  const { tasks, pending, references, taskTimers, now, id } = ports;

  const find = async (taskId: string): Promise<StoredTask | undefined> => {
    const task = await tasks.get(taskId);
    return task?.deletingAt === undefined ? task : undefined;
  };

  /** Three reads and three writes with a template, else three and two; at most two messages. */
  const create = async (input: TaskInput): Promise<TaskCreation> => {
    const times = timesOf(input, now());
    if (times.type === 'wrong') return { type: 'wrong-times', errors: times.errors };
    if (!(await ports.hasDomain(input.domain))) return { type: 'domain-missing' };
    const { templateId, domain, app, stream } = input;
    const taskId = `tsk_${id()}`;
    const templateUse = templateId === undefined ? undefined : id();
    const task: StoredTask = {
      ...input,
      ...times.span,
      taskId,
      state: 'scheduled',
      recordIds: [],
      createdAt: now().toISOString(),
      revision: 0,
      ...(templateUse === undefined ? {} : { templateUse }),
    };
    if (templateId === undefined || templateUse === undefined) {
      if (!(await ports.hasDefaultStorage())) return { type: 'no-default-storage' };
    } else if (!(await references.add(templateKey(templateId), { userId: taskId, useId: templateUse }))) {
      return { type: 'template-missing' };
    }
    const key = { domain, app, stream };
    const claim = await pending.claim(key, { taskId, ...times.span });
    if (claim !== 'claimed') {
      await giveBack(ports, task);
      return { type: claim };
    }
    // Its id is new, so it can only be there when the SDK has written it twice.
    await tasks.create(task);
    await Promise.all([taskTimers({ key, at: task.startTime }), taskTimers({ key, at: task.endTime })]);
    return { type: 'created', task };
  };

  /** Has the stream's tasks looked at, as one of them was changed that is being recorded. */
  const tell = ({ domain, app, stream }: Task): Promise<void> =>
    taskTimers({ key: { domain, app, stream }, at: now().toISOString() });

  /** Ends a task now; nothing happens to one that has ended. Undefined when there is none. */
  const stop = async (taskId: string): Promise<Task | undefined> => {
    for (let attempt = 0; attempt < MOST_TRIES; attempt += 1) {
      const task = await find(taskId);
      if (task === undefined) return undefined;
      const next = stopped(task, now().toISOString()) ?? task;
      if (next !== task && !(await tasks.replace(next))) continue;
      if (next.settledAt === undefined) await tell(next);
      else if (next !== task) await giveBack(ports, task);
      return next;
    }
    throw new Error(`Task ${taskId} changed ${MOST_TRIES} times while it was stopped`);
  };

  /** Ends a task if it has not ended, and removes its record; its recordings stay. False when there is none. */
  const remove = async (taskId: string): Promise<boolean> => {
    for (let attempt = 0; attempt < MOST_TRIES; attempt += 1) {
      const task = await find(taskId);
      if (task === undefined) return false;
      if (isIdle(task)) {
        if (!(await tasks.remove(task))) continue;
        await giveBack(ports, task);
        return true;
      }
      const next = deleted(task, now().toISOString());
      if (next !== undefined && !(await tasks.replace(next))) continue;
      await tell(task);
      return true;
    }
    throw new Error(`Task ${taskId} changed ${MOST_TRIES} times while it was deleted`);
  };

  return { get: find, list: tasks.list, create, stop, remove };
};
export type TaskManager = ReturnType<typeof createTaskManager>;
