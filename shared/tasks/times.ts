import type { FieldError } from '../problems/problem.ts';
import { MOST_TASK_DAYS_AHEAD, MOST_TASK_HOURS, type TaskInput } from '../schemas/task.ts';
import type { Span } from './spans.ts';

/** A start that is no further back than this is meant as now: clocks differ, and requests take time. */
const START_GRACE_SECONDS = 5;

const HOUR_MS = 3_600_000;

export type Times = { type: 'right'; span: Span } | { type: 'wrong'; errors: FieldError[] };

/** When a task that is wanted at `now` begins and ends, or what is wrong with its times. */
export const timesOf = (
  { startTime, endTime }: Pick<TaskInput, 'startTime' | 'endTime'>,
  now: Date,
): Times => {
  const at = now.toISOString();
  const start = startTime === undefined || startTime < at ? at : startTime;
  const ahead = Date.parse(endTime) - now.getTime();
  const length = Date.parse(endTime) - Date.parse(start);
  const errors: FieldError[] = [];
  const refuse = (field: 'startTime' | 'endTime', given: string, message: string): void => {
    errors.push({ in: 'body', field, given, message });
  };
  if (startTime !== undefined && now.getTime() - Date.parse(startTime) > START_GRACE_SECONDS * 1000) {
    refuse('startTime', startTime, 'must not be in the past; leave it out to start now');
  }
  if (ahead <= 0) refuse('endTime', endTime, 'must be in the future');
  else if (length <= 0) refuse('endTime', endTime, 'must be after startTime');
  else if (length > MOST_TASK_HOURS * HOUR_MS) {
    refuse('endTime', endTime, `must be at most ${MOST_TASK_HOURS} hours after the start`);
  }
  if (ahead > MOST_TASK_DAYS_AHEAD * 24 * HOUR_MS) {
    refuse('endTime', endTime, `must be at most ${MOST_TASK_DAYS_AHEAD} days ahead`);
  }
  return errors.length > 0
    ? { type: 'wrong', errors }
    : { type: 'right', span: { startTime: start, endTime } };
};
