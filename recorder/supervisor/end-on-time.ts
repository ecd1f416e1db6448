import { endReason } from '../../shared/recordings/end-reason.ts';
import type { Recording } from '../../shared/schemas/recording.ts';
import type { Stop } from './run-recording.ts';

/** Ends a recording at the very end of its task. @returns the timer, to be cleared when it ends otherwise */
export const endOnTime = (
  { plan: { endsAt } }: Pick<Recording, 'plan'>,
  stop: Stop,
): NodeJS.Timeout | undefined => {
  if (endsAt === undefined) return undefined;
  const end = (): void => stop.abort(endReason('task-ended'));
  return setTimeout(end, Math.max(0, Date.parse(endsAt) - Date.now()));
};
