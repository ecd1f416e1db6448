import { SQSClient } from '@aws-sdk/client-sqs';
import { readEnv } from '../../shared/env.ts';
import { createStreamEventQueue } from '../../shared/streams/event-queue.ts';
import {
  createTaskTimers,
  createTimerQueue,
  type TaskTimerPorts,
  type TaskTimers,
} from '../../shared/tasks/timers.ts';

/** What a function needs that has tasks looked at; made once per container, from the environment. */
export const openTaskTimers = (): Pick<TaskTimerPorts, 'queueStreamEvent' | 'now'> & {
  readonly taskTimers: TaskTimers;
} => {
  const env = readEnv(['streamEventsQueueUrl', 'taskTimersQueueUrl']);
  const sqs = new SQSClient({});
  const now = () => new Date();
  const queueStreamEvent = createStreamEventQueue(sqs, env.streamEventsQueueUrl);
  const sendTimer = createTimerQueue(sqs, env.taskTimersQueueUrl);
  return { queueStreamEvent, now, taskTimers: createTaskTimers({ sendTimer, queueStreamEvent, now }) };
};
