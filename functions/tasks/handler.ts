import { taskTimerSchema } from '../../shared/events/task-timers.ts';
import { createQueueHandler } from '../common/queue-handler.ts';
import { openTaskTimers } from '../common/task-timers.ts';
import { createTelemetry } from '../common/telemetry.ts';
import { createTimerHandler } from './on-timer.ts';

const { telemetry, wrap } = createTelemetry();
const handle = createTimerHandler(openTaskTimers());

export const handler = wrap(createQueueHandler({ schema: taskTimerSchema, fifo: false, telemetry, handle }));
