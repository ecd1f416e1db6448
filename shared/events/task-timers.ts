import * as z from 'zod';
import { streamKeySchema, timeSchema } from '../schemas/names.ts';

/** "A task of this stream begins or ends at that moment." Body of `task-timers`; comes shortly before it. */
export const taskTimerSchema = z.object({ key: streamKeySchema, at: timeSchema });
export type TaskTimer = z.infer<typeof taskTimerSchema>;
