import { setTimeout as sleep } from 'node:timers/promises';
import type { StreamEvent } from '../../shared/events/stream-events.ts';
import type { TaskTimer } from '../../shared/events/task-timers.ts';
import type { TaskTimers } from '../../shared/tasks/timers.ts';

/** Delays are whole seconds, and timers come a little early; more than this means that one came much too early. */
const MOST_WAIT_MS = 2000;

export interface TimerPorts {
  /** For a timer that came too early. */
  readonly taskTimers: TaskTimers;
  queueStreamEvent(event: StreamEvent): Promise<void>;
  now(): Date;
  /** @default that of the clock */
  readonly wait?: (ms: number) => Promise<unknown>;
}

/** Waits out what is left until the moment of a timer, and has the stream's tasks looked at. One message. */
export const createTimerHandler =
  ({ taskTimers, queueStreamEvent, now, wait = sleep }: TimerPorts) =>
  async (timer: TaskTimer): Promise<void> => {
    const { key, at } = timer;
    const remaining = Date.parse(at) - now().getTime();
    if (remaining > MOST_WAIT_MS) return taskTimers(timer);
    if (remaining > 0) await wait(remaining);
    await queueStreamEvent({ type: 'tasks-changed', key, at });
  };
