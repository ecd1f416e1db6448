import { probeKey } from '../../shared/closing/media-journal.ts';
import type { Reason, Recording } from '../../shared/schemas/recording.ts';
import { createLadder, type Ladder } from '../storage/ladder.ts';
import { type Rung, rungsOf } from '../storage/rungs.ts';
import type { RunPorts } from './run-recording.ts';

/** The storages of a recording, as this recorder writes to them. */
export const openLadder = (
  { spool, storeOf, failoverMs, fence, log }: RunPorts,
  recording: Recording,
  signal: AbortSignal,
  onChange: (rung: Rung, trouble: Reason | undefined) => void,
): Ladder => {
  const { recordId } = recording;
  return createLadder({
    // The template's storage is always one of them.
    rungs: rungsOf(recording, spool, storeOf) as readonly [Rung, ...Rung[]],
    ...{ failoverMs, signal, fence },
    probeKey: probeKey(recording),
    onRetry: ({ operation, kind, message }, { location }) =>
      log.warn('A storage operation is tried again', { recordId, location, operation, kind, why: message }),
    onChange: (rung, reason) => {
      log.warn('A recording goes on in another storage', { recordId, location: rung.location, reason });
      onChange(rung, reason);
    },
  });
};
