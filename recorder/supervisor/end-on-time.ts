import { type EndCode, endReason } from '../../shared/recordings/end-reason.ts';
import type { Recording } from '../../shared/schemas/recording.ts';
import type { Stop } from './run-recording.ts';

/** A timer takes no more; what lies further ahead is looked at again then. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

/** Milliseconds since the epoch, and why a recording ends then. */
interface Limit {
  readonly at: number;
  readonly code: EndCode;
}

const limitsOf = ({
  startedAt,
  plan: { endsAt, maxDurationSeconds },
}: Pick<Recording, 'startedAt' | 'plan'>): Limit[] => [
  ...(endsAt === undefined ? [] : [{ at: Date.parse(endsAt), code: 'task-ended' } as const]),
  ...(maxDurationSeconds === undefined
    ? []
    : [{ at: Date.parse(startedAt) + maxDurationSeconds * 1000, code: 'max-duration' } as const]),
];

/**
 * Ends a recording when the first of its limits is reached: the end of its task, the longest that its template allows.
 * @returns forgets the limits, when it has ended otherwise
 */
export const endOnTime = (recording: Pick<Recording, 'startedAt' | 'plan'>, stop: Stop): (() => void) => {
  const [first] = limitsOf(recording).sort((one, other) => one.at - other.at);
  let timer: NodeJS.Timeout | undefined;
  const look = ({ at, code }: Limit): void => {
    const left = at - Date.now();
    if (left <= 0) stop.abort(endReason(code));
    else timer = setTimeout(look, Math.min(left, LONGEST_WAIT_MS), { at, code });
  };
  if (first !== undefined) look(first);
  return () => clearTimeout(timer);
};
