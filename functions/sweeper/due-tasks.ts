import type { Task } from '../../shared/schemas/task.ts';
import type { Tasks } from '../../shared/table/tasks.ts';
import { nextMoment } from '../../shared/tasks/machine.ts';
import type { TaskTimers } from '../../shared/tasks/timers.ts';
import { forEach } from './for-each.ts';

export interface DueTaskPorts {
  readonly tasks: Pick<Tasks, 'due'>;
  readonly taskTimers: TaskTimers;
  now(): Date;
}

/** Far enough ahead that a sweep may be missed. */
const AHEAD_SECONDS = 150;

/** What must happen to a task before `time`: a short one begins and ends. */
const momentsBefore = (task: Task, time: string): string[] => {
  const moments =
    task.state === 'scheduled' ? [task.startTime, task.endTime] : [nextMoment(task) ?? task.endTime];
  return moments.filter((moment) => moment < time);
};

/**
 * Sets the timers of tasks that begin or end within the next minutes, and has those looked at whose timers were lost,
 * or that were stopped and have not been settled.
 */
export const setTaskTimers = async ({ tasks, taskTimers, now }: DueTaskPorts): Promise<unknown[]> => {
  const time = new Date(now().getTime() + AHEAD_SECONDS * 1000).toISOString();
  return forEach(await tasks.due(time), async (task) => {
    const { domain, app, stream } = task;
    for (const at of momentsBefore(task, time)) await taskTimers({ key: { domain, app, stream }, at });
  });
};
