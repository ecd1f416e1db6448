import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { StreamEvent } from '../events/stream-events.ts';
import type { TaskTimer } from '../events/task-timers.ts';

/** Longest delay of a message. What comes later is found by the sweeper in time. */
const MOST_DELAY_SECONDS = 900;

/** A timer comes so much early, at least, that its function has time to begin; it waits the rest itself. */
const EARLY_MS = 500;

export interface TaskTimerPorts {
  /** With a delay of so many seconds. */
  sendTimer(timer: TaskTimer, delaySeconds: number): Promise<void>;
  queueStreamEvent(event: StreamEvent): Promise<void>;
  now(): Date;
}

/** Puts timers into the `task-timers` queue. */
export const createTimerQueue =
  (sqs: SQSClient, QueueUrl: string): TaskTimerPorts['sendTimer'] =>
  async (timer, DelaySeconds) => {
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(timer), DelaySeconds }));
  };

/**
 * Has the tasks of a stream looked at: at once when the moment has come, by a timer when it comes within 15 minutes,
 * and otherwise not from here. One message at most.
 */
export const createTaskTimers =
  ({ sendTimer, queueStreamEvent, now }: TaskTimerPorts) =>
  async ({ key, at }: TaskTimer): Promise<void> => {
    const remaining = Date.parse(at) - now().getTime();
    if (remaining <= 0) return queueStreamEvent({ type: 'tasks-changed', key, at });
    const delay = Math.max(0, Math.floor((remaining - EARLY_MS) / 1000));
    if (delay <= MOST_DELAY_SECONDS) await sendTimer({ key, at }, delay);
  };
export type TaskTimers = ReturnType<typeof createTaskTimers>;
